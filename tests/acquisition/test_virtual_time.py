"""Time that jumps: nothing is waited for, everything is in order, and other threads are still heard."""

import asyncio
import math
import selectors
import threading
import time

import pytest

from forcelab.acquisition.virtual_time import VirtualLoop, host_clock, now_ns, run


def test_an_hour_is_exactly_an_hour_and_takes_none() -> None:
    async def main() -> int:
        began = now_ns()
        await asyncio.sleep(3600)
        return now_ns() - began

    began = time.monotonic()
    assert run(main(), speed=math.inf) == 3600 * 10**9
    # Sixty seconds would already mean that something waited; no machine is so slow.
    assert time.monotonic() - began < 60


def test_things_happen_in_the_order_of_their_times() -> None:
    async def main() -> list[tuple[int, float]]:
        loop, began = asyncio.get_running_loop(), now_ns()
        done = loop.create_future()
        seen: list[tuple[int, float]] = []

        def note(delay: float) -> None:
            seen.append((now_ns() - began, delay))

        for delay in (3, 1, 2, 0.0125, 100):
            loop.call_later(delay, note, delay)
        loop.call_later(100, done.set_result, None)
        await done
        return seen

    assert run(main(), speed=math.inf) == [(round(d * 1e9), d) for d in (0.0125, 1, 2, 3, 100)]


def test_time_outs_come_in_virtual_time() -> None:
    async def main() -> float:
        began = asyncio.get_running_loop().time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time() - began

    assert run(main(), speed=math.inf) == pytest.approx(600)


def test_short_steps_do_not_add_up_to_an_error() -> None:
    async def main() -> int:
        began, loop = now_ns(), asyncio.get_running_loop()
        for step in range(1, 8001):
            at = loop.create_future()
            loop.call_at(began * 1e-9 + step * 0.0125, at.set_result, None)
            await at
        return now_ns() - began

    assert abs(run(main(), speed=math.inf) - 100 * 10**9) <= 1


def test_a_loop_with_nothing_to_do_waits_for_another_thread() -> None:
    async def main() -> tuple[str, int]:
        loop, began = asyncio.get_running_loop(), now_ns()
        called = loop.create_future()
        thread = threading.Thread(target=loop.call_soon_threadsafe, args=(called.set_result, "called"))
        thread.start()
        answer = await called
        thread.join()
        return answer, now_ns() - began

    assert run(main(), speed=math.inf) == ("called", 0)


def test_another_thread_is_heard_while_time_races() -> None:
    async def main() -> bool:
        loop, enough = asyncio.get_running_loop(), asyncio.Event()
        thread = threading.Thread(target=loop.call_soon_threadsafe, args=(enough.set,))
        thread.start()
        while not enough.is_set():
            await asyncio.sleep(1)
        thread.join()
        return True

    assert run(main(), speed=math.inf)


def test_work_in_another_thread_takes_no_virtual_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> tuple[str, int]:
        began, waiting = now_ns(), threading.Event()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        select = loop._waits.select

        def noticed(timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if timeout != 0:
                waiting.set()
            return select(timeout)

        def work() -> str:
            assert waiting.wait(30)  # is done only when the loop has nothing left to do but to wait
            return "done"

        monkeypatch.setattr(loop._waits, "select", noticed)
        # The limit is all that is scheduled: without the hold the clock would jump to it.
        return await asyncio.wait_for(asyncio.to_thread(work), timeout=1), now_ns() - began

    assert run(main(), speed=math.inf) == ("done", 0)


def test_the_clock_goes_on_after_work_in_another_thread() -> None:
    async def main() -> int:
        await asyncio.to_thread(lambda: None)
        began = now_ns()
        await asyncio.sleep(5)
        return now_ns() - began

    assert run(main(), speed=math.inf) == 5 * 10**9


def test_real_time_is_the_platforms_own_loop_and_the_hosts_own_clock() -> None:
    async def main() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        before = time.perf_counter_ns()
        return isinstance(loop, VirtualLoop), before <= now_ns() <= time.perf_counter_ns()

    assert run(main()) == (False, True)


def test_faster_than_real_time_is_still_no_faster_than_that() -> None:
    async def main() -> int:
        began = now_ns()
        await asyncio.sleep(3600)  # 36 ms; at any lower speed the time limit of the tests ends it
        return now_ns() - began

    began = time.monotonic()
    assert run(main(), speed=100_000) >= 3600 * 10**9
    assert time.monotonic() - began >= 0.0359


def test_the_clock_of_a_loop_is_its_time() -> None:
    async def main() -> tuple[float, int, int]:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(1)
        return loop.time(), host_clock(loop)(), now_ns()

    seconds, ns, same = run(main(), speed=math.inf)
    assert ns == same == round(seconds * 1e9)


def test_what_a_program_raises_comes_out() -> None:
    async def main() -> None:
        await asyncio.sleep(1)
        raise LookupError("nothing here")

    with pytest.raises(LookupError, match="nothing here"):
        run(main(), speed=math.inf)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
def test_time_does_not_stand_still_nor_run_backwards(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        run(asyncio.sleep(0), speed=speed)


def test_files_are_read_while_time_races() -> None:
    async def main() -> bytes:
        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(60)
            writer.write(b"hello")
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

    assert run(main(), speed=math.inf) == b"hello"
