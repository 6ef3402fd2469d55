"""How a case gives the virtual radio an order: a line of JSON through a socket in the guest. Knows none by name."""

import asyncio
import json
from typing import Any, Final

SOCKET: Final = "/run/forcelab-radio"
SENSOR: Final = "F0:F1:F2:F3:F4:F5"
"""Where the sensor stands that an order means if it says no other."""
LONGEST: Final = 2**26
"""bytes in a line: ten minutes of what a sensor felt are two million."""


async def order(name: str, **details: Any) -> dict[str, Any]:
    """Give an order and wait until it is carried out. Raises RuntimeError when it could not be."""
    async with asyncio.timeout(30):
        reader, writer = await asyncio.open_unix_connection(SOCKET, limit=LONGEST)
        writer.write(json.dumps({"order": name, **details}).encode() + b"\n")
        await writer.drain()
        answer: dict[str, Any] = json.loads(await reader.readline())
        writer.close()
        await writer.wait_closed()
    if "error" in answer:
        raise RuntimeError(f"the virtual radio could not {name}: {answer['error']}")
    return answer
