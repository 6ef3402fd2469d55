"""The maker's Python library for Go Direct, PyPI `godirect`, as a host without a radio, for comparison only.

Its own code builds the requests, puts notifications together and reads what they say; only the radio is ours. It is
under the GPL and is no part of what we ship: nothing but tests and benchmarks ever imports it.
"""

import importlib
import importlib.metadata
import importlib.util
import logging
import queue
from collections.abc import Callable
from typing import Any, Final

PEER: Final = "godirect"
VERSION: Final = "1.2.1"
MISSING: Final = f"{PEER} {VERSION} is not installed: it comes with the extra `crosscheck`"


def installed() -> bool:
    """Whether the version that is compared is there."""
    return importlib.util.find_spec(PEER) is not None and importlib.metadata.version(PEER) == VERSION


def host(write: Callable[[bytes], None]) -> Any:
    """A host whose pieces of requests go to `write`; notifications are handed to its `_notify_callback(None, data)`."""
    device = importlib.import_module("godirect.device").GoDirectDevice
    bleak = importlib.import_module("godirect.device_bleak").GoDirectDeviceBleak

    def begin(self: Any) -> None:
        self._logger = logging.getLogger(PEER)
        self._responses = queue.Queue()
        self._response_buffer = bytearray()
        device.__init__(self, None)

    def send(_self: Any, frame: list[int]) -> bool:
        for at in range(0, len(frame), 20):
            write(bytes(frame[at : at + 20]))
        return True

    def read(self: Any, _timeout: int = 0, **_more: object) -> bytearray:
        # Nothing can still be on its way: what is not here was never sent, and waiting would last for ever.
        found: bytearray = self._responses.get(block=False)
        return found

    own = {"__init__": begin, "_write": send, "_read": read, "_notify_callback": bleak._notify_callback}
    idle = dict.fromkeys(("is_connected", "_connect", "_disconnect"), lambda _self: True)
    return type("Host", (device,), own | idle)()
