"""A process to be killed: connects, starts the sensor, says so, and streams until its end."""

import asyncio
import sys

from firmware_protocols.codec import Start
from tests.system.cases.sensor import sensor


async def main() -> None:
    async with sensor() as kept:
        kept.post(Start())
        await kept.measures(1.0)
        sys.stdout.write("streaming\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
