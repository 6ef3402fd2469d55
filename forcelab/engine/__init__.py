"""Runs a session: one worker thread with one event loop, from the sensor to the file, and a frozen view for the eye."""

from forcelab.engine.plan import SessionPlan, WantedSensor, not_live
from forcelab.engine.thread import Engine, Worker

__all__ = ["Engine", "SessionPlan", "WantedSensor", "Worker", "not_live"]
