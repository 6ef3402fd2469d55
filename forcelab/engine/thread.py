"""The worker thread: one event loop for the life of a session, commands in, a frozen view and the ring out.

The window never waits for the radio and the radio never waits for the window: commands cross by
`call_soon_threadsafe`, the view is one attribute that is replaced whole, the ring has a lock of its own.
"""

import asyncio
import logging
import threading
from collections.abc import Callable

from forcelab import flow
from forcelab.acquisition import virtual_time
from forcelab.acquisition.link import Radio
from forcelab.acquisition.ring import Ring
from forcelab.engine.plan import SessionPlan
from forcelab.engine.session import Session
from forcelab.journal import JournalError, JournalWriter
from forcelab.model import View

log = logging.getLogger(__name__)


class Engine:
    """Runs one session in a thread of its own.

    Args:
        plan: what is to be done.
        make_radio: makes the radio inside the worker thread, given the host's clock (ns).
        speed: 1 in real time; 10 runs ten times faster; `math.inf` does not wait at all. Only simulations can hurry.
        cue: called in the worker thread with each cue.
    """

    def __init__(
        self,
        plan: SessionPlan,
        make_radio: Callable[[Callable[[], int]], Radio],
        *,
        speed: float = 1.0,
        cue: Callable[[flow.Cue], None] = lambda _cue: None,
    ) -> None:
        self.plan = plan
        self.ring = Ring()
        self.view = View(phase="connecting", assessment=plan.assessment, participant=plan.participant)
        self.failure = ""
        self._make_radio, self._speed, self._cue = make_radio, speed, cue
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: Session | None = None
        self._waiting: list[flow.Request] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="forcelab engine", daemon=True)

    def start(self) -> None:
        """Begin. The session file is created at once; raises JournalError if that is impossible."""
        self._writer = JournalWriter(self.plan.path)
        self._thread.start()

    def post(self, request: flow.Request) -> None:
        """Ask for something, from any thread. What comes after the end is passed over."""
        with self._lock:
            if self._loop is None or self._session is None:
                self._waiting.append(request)
            elif self.running:
                self._loop.call_soon_threadsafe(self._session.take, request)

    @property
    def running(self) -> bool:
        """Whether the session is still under way."""
        return self._thread.is_alive()

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the session; whether it has come."""
        self._thread.join(timeout)
        return not self.running

    def _run(self) -> None:
        try:
            virtual_time.run(self._main(), speed=self._speed)
        except Exception as error:  # the last wall: whatever went wrong, the person is told and the file is closed
            log.exception("the session ended by a fault of forcelab")
            self.failure = (
                f"forcelab itself failed ({type(error).__name__}: {error}). "
                f"What was recorded until then is in {self.plan.path.name}."
            )
        try:
            self._writer.close()
        except JournalError as error:
            self.failure = str(error)

    async def _main(self) -> None:
        now = virtual_time.now_ns
        session = Session(
            self.plan,
            self._make_radio(now),
            self._writer,
            self.ring,
            now=now,
            publish=self._publish,
            cue=self._cue,
        )
        with self._lock:
            self._loop, self._session = asyncio.get_running_loop(), session
            waiting, self._waiting = self._waiting, []
        for request in waiting:
            session.take(request)
        await session.run()
        with self._lock:
            self._session = None

    def _publish(self, view: View) -> None:
        self.view = view
