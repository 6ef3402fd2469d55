"""What all cases share: a virtual sensor, placed anew for each of them, and a system that remembers none before."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import pytest

from tests.system.bluez import Bluez
from tests.system.orders import order

Place: TypeAlias = Callable[[str], Awaitable[None]]

MARKERS = {
    "real_time": "only in real time: it is about the speed of this computer",
    "virtual_time": "only in virtual time: it would take minutes",
}


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "FORCELAB_GUEST" not in os.environ:
        for item in items:
            item.add_marker(pytest.mark.skip(reason="only inside the guest: python -m tests.system"))


async def until(condition: Callable[[], Awaitable[bool]], limit: float = 20.0, every: float = 0.05) -> None:
    """Wait until something outside of our reach has become true; TimeoutError after `limit` s."""
    async with asyncio.timeout(limit):
        while not await condition():
            await asyncio.sleep(every)


async def adapter_on() -> None:
    """Wait for the adapter, and switch it on."""

    async def is_on() -> bool:
        try:
            async with Bluez() as bluez:
                await bluez.power(True)
                return any((await bluez.adapters()).values())
        except (OSError, RuntimeError):  # bluetoothd is still starting, or has not noticed the adapter yet
            return False

    await until(is_on)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """Places a sensor pushed by a curve; before, everything is plugged in, switched on and forgotten."""
    await order("vanish")
    await order("in_range")
    await order("plug")
    await adapter_on()
    async with Bluez() as bluez:
        await bluez.forget_devices()

        async def nobody_connected() -> bool:
            return not await bluez.connected()

        await until(nobody_connected)

    async def place(force: str) -> None:
        await order("place", device="progressor", force=force)

    yield place
    await order("vanish")
