"""Runs a session: one worker thread with one event loop, from the sensor to the file, and a frozen view for the eye."""

from forcelab.engine.plan import SessionPlan, no_such_set, not_live
from forcelab.engine.recognition import KnownSensor, WantedSensor
from forcelab.engine.thread import Engine, Worker

__all__ = ["Engine", "KnownSensor", "SessionPlan", "WantedSensor", "Worker", "no_such_set", "not_live"]
