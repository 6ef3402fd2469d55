"""An event loop whose time runs at any speed, so that ten minutes of a session can be tested in a second.

`run(main)` is `asyncio.run`. `run(main, speed=20)` lets everything that the loop waits for go by twenty times faster,
as a window wants it that is shown in a hurry. `run(main, speed=math.inf)` never waits: whenever nothing is left to do,
the clock jumps to the next thing that was scheduled, so that the same program gives the same times on every machine.

What a program reads as the host's clock must be the clock of its loop: take `now_ns` (or `host_clock(loop)` outside
of the loop) wherever `time.perf_counter_ns` would stand, and `asyncio.sleep`, `call_later` and `asyncio.timeout` for
everything that waits. Other threads live in real time. They may wake the loop with `call_soon_threadsafe` at any speed;
work handed over with `run_in_executor` or `asyncio.to_thread` takes no time at all on a clock that jumps, since the
clock stands still until it is done. Knows no radio and no device.
"""

import asyncio
import contextvars
import math
import selectors
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, Final, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

# A clock that jumps begins at the same instant each time; not at 0, which a mistaken `if stamp:` would take for "none".
BEGIN_NS: Final = 1_000_000_000_000


class _Clock:
    """Nanoseconds at a speed; with an infinite one it stands still until it is moved."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.jumps = math.isinf(speed)
        self._now_ns = BEGIN_NS
        self._real_ns = time.perf_counter_ns()

    def now_ns(self) -> int:
        if self.jumps:
            return self._now_ns
        return BEGIN_NS + int((time.perf_counter_ns() - self._real_ns) * self.speed)

    def advance(self, seconds: float) -> None:
        # At least one step, or a timer within half a nanosecond would be waited for in vain for ever.
        self._now_ns += max(1, round(seconds * 1e9))


class _Selector(selectors.DefaultSelector):
    """Waits for files as ever, but for time only as the clock says."""

    def __init__(self, clock: _Clock) -> None:
        super().__init__()
        self._clock = clock
        self.held = 0  # pieces of work under way in other threads

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        if not self._clock.jumps:
            return super().select(timeout / self._clock.speed)
        ready = super().select(None if self.held else 0)
        if not ready:
            self._clock.advance(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A selector loop on a clock of its own. `now_ns()` is its host clock, in ns, and never goes back.

    Args:
        speed: above 0: how many seconds go by on the clock in one real second; `math.inf` jumps.
    """

    def __init__(self, speed: float = math.inf) -> None:
        self._clock = _Clock(speed)
        self._waits = _Selector(self._clock)
        super().__init__(self._waits)
        # asyncio takes timers that are due within one tick of the system's clock, 16 ms on Windows, as due already.
        # This clock is exact to the nanosecond, and what it times must not depend on the platform.
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Seconds on the loop's clock."""
        return self._clock.now_ns() * 1e-9

    def now_ns(self) -> int:
        """Nanoseconds on the loop's clock: the host clock of everything that runs on this loop."""
        return self._clock.now_ns()

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> "asyncio.Future[T]":
        """As asyncio's; a clock that jumps stands still until the work is done."""
        future = super().run_in_executor(executor, func, *args)
        self._waits.held += 1
        future.add_done_callback(self._released, context=contextvars.Context())
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ARG002 - 3.12 passes one
        """As asyncio's, but without a limit: on a clock that jumps every limit has passed before a thread can end."""
        await super().shutdown_default_executor()

    def _released(self, _: "asyncio.Future[Any]") -> None:
        self._waits.held -= 1


def run(main: Coroutine[Any, Any, T], *, speed: float = 1.0) -> T:
    """Run a program on a new event loop and return what it returns.

    Args:
        main: the program.
        speed: 1 runs in real time on the platform's own loop (Bluetooth on Windows needs that one), any other number
            above 0 so many times faster, `math.inf` without waiting at all.

    Raises:
        ValueError: if `speed` is not above 0.
    """
    if not speed > 0:
        main.close()
        raise ValueError(f"time cannot run at a speed of {speed}")
    if speed == 1.0:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(speed)) as runner:
        return runner.run(main)


def host_clock(loop: asyncio.AbstractEventLoop) -> Callable[[], int]:
    """The host's clock as it goes on a loop, in ns; safe to call from any thread."""
    return loop.now_ns if isinstance(loop, VirtualLoop) else time.perf_counter_ns


def now_ns() -> int:
    """The host's clock of the running loop, in ns: `time.perf_counter_ns`, unless the loop has a clock of its own.

    Raises:
        RuntimeError: where no loop runs.
    """
    return host_clock(asyncio.get_running_loop())()
