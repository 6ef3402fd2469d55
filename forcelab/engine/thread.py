"""The worker thread with its one event loop, and the engine that runs a session on it.

The window never waits for the radio and the radio never waits for the window: requests cross by
`call_soon_threadsafe`, the view is one attribute that is replaced whole, the ring has a lock of its own.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent import futures
from typing import Any, TypeVar

from forcelab import flow
from forcelab.acquisition import virtual_time
from forcelab.acquisition.link import Radio
from forcelab.acquisition.ring import Ring
from forcelab.engine.plan import SessionPlan
from forcelab.engine.session import Session
from forcelab.journal import JournalError, JournalWriter
from forcelab.model import Role, View

log = logging.getLogger(__name__)

T = TypeVar("T")


class Worker:
    """One thread with one event loop, for as many sessions as a program has: Bluetooth wants a single loop for life.

    Args:
        speed: 1 in real time; 10 runs ten times faster; `math.inf` does not wait at all. Only simulations can hurry.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="forcelab engine", daemon=True)
        self._thread.start()
        self._up.wait()

    def submit(self, main: Coroutine[Any, Any, T]) -> "futures.Future[T]":
        """Run something on the loop."""
        assert self._loop is not None, "the thread says when its loop is up"
        return asyncio.run_coroutine_threadsafe(main, self._loop)

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Call something on the loop, soon; after its end nothing is called."""
        assert self._loop is not None, "the thread says when its loop is up"
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:  # the only way to ask whether it is closed that cannot be overtaken by its closing
            log.info("%s came after the end and was passed over", arguments or function)

    def stop(self) -> None:
        """End the loop and the thread. What still runs on it is cancelled."""
        if self._thread.is_alive():
            self.call(self._stop.set)
            self._thread.join()

    def _run(self) -> None:
        virtual_time.run(self._serve(), speed=self._speed)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._up.set()
        await self._stop.wait()


class Engine:
    """Runs one session.

    Args:
        plan: what is to be done.
        make_radio: makes the radio inside the worker thread, given the host's clock (ns).
        worker: the thread; one of its own, which ends with the session, if none is given.
        speed: of the thread of its own.
        cue: called in the worker thread with each cue.
    """

    def __init__(
        self,
        plan: SessionPlan,
        make_radio: Callable[[Callable[[], int]], Radio],
        *,
        worker: Worker | None = None,
        speed: float = 1.0,
        cue: Callable[[flow.Cue], None] = lambda _cue: None,
    ) -> None:
        self.plan = plan
        self.rings: dict[Role, Ring] = {sensor.role: Ring() for sensor in plan.sensors}
        self.view = View(phase="connecting", assessment=plan.assessment, participant=plan.participant)
        self.failure = ""
        self._make_radio, self._cue = make_radio, cue
        self._worker, self._own_worker, self._speed = worker, worker is None, speed
        self._session: Session | None = None
        self._early: list[flow.Request] = []
        self._over: futures.Future[None] | None = None

    def start(self) -> None:
        """Begin. The session file is created at once; raises JournalError if that is impossible."""
        writer = JournalWriter(self.plan.path)
        self._worker = self._worker or Worker(self._speed)
        self._over = self._worker.submit(self._run(writer))

    def post(self, request: flow.Request) -> None:
        """Ask for something, from any thread. What comes after the end is passed over."""
        if self._worker is None:
            self._early.append(request)
        else:
            self._worker.call(self._take, request)

    @property
    def ring(self) -> Ring:
        """The last minute of the sensor, or of the first of two."""
        return next(iter(self.rings.values()))

    @property
    def running(self) -> bool:
        """Whether the session is still under way."""
        return self._over is not None and not self._over.done()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the session; whether it has come."""
        assert self._over is not None, "a session is waited for after it has started"
        futures.wait([self._over], timeout)
        if not self.running and self._own_worker and self._worker is not None:
            self._worker.stop()
        return not self.running

    def _take(self, request: flow.Request) -> None:
        if self._session is not None:
            self._session.take(request)
        else:
            self._early.append(request)

    async def _run(self, writer: JournalWriter) -> None:
        try:
            await self._record(writer)
        except Exception as error:  # the last wall: whatever went wrong, the person is told and the file is closed
            log.exception("the session ended by a fault of forcelab")
            cause = _first(error)
            self.failure = (
                f"forcelab itself failed ({type(cause).__name__}: {cause}). "
                f"What was recorded until then is in {self.plan.path.name}."
            )
        finally:
            try:
                await asyncio.to_thread(writer.close)
            except JournalError as error:
                self.failure = str(error)

    async def _record(self, writer: JournalWriter) -> None:
        now = virtual_time.now_ns
        self._session = Session(
            self.plan,
            self._make_radio(now),
            writer,
            self.rings,
            now=now,
            publish=self._publish,
            cue=self._cue,
        )
        for request in self._early:
            self._session.take(request)
        try:
            await self._session.run()
        finally:
            self._session = None

    def _publish(self, view: View) -> None:
        self.view = view


def _first(error: Exception) -> Exception:
    """What went wrong first, out of the groups into which tasks wrap it."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
