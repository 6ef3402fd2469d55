"""Keeps one sensor connected: looks for it, connects, lets a `Conversation` run, and begins again when it ends.

What follows what is the table in `reconnect`; this file does what the table says, over any `Radio`. It never starts a
run by itself: after a loss the sensor comes back ready, and whoever owns the connection decides what then. Knows no
device, no journal and no window.
"""

import asyncio
import logging
import math
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final

from firmware_protocols.codec import Codec, Command
from forcelab.acquisition.conversation import SCALELESS, SILENT, STRANGER, UNHEARD, Conversation, Listener
from forcelab.acquisition.link import Found, Link, Radio, RadioError
from forcelab.acquisition.reconnect import Event, after, backoff
from forcelab.acquisition.scale import scaleless
from forcelab.acquisition.stream import Stream
from forcelab.acquisition.virtual_time import now_ns
from forcelab.model import LinkState

logger = logging.getLogger(__name__)

SETTLE: Final = 0.5
"""s to leave the radio alone after a loss or a failure: BlueZ fails a connect in the instant of a disconnect."""
CLOSING: Final = 6.0
"""s that closing a link may take; BlueZ needs up to 2.5 for it, and hangs for 10 when something is wrong."""
BROADCAST_SILENCE: Final = 10.0 if sys.platform == "darwin" else 4.0
"""s without a reading after which a sensor that only broadcasts counts as gone, as no connection tells it. A scan
misses broadcasts and pauses while something is being connected; yet a push whose second half nobody heard must end as
broken off, before its own time is up. macOS merges readings that are alike, so a steady one may look like silence.
"""

LOOKING: Final = "Looking for the sensor. Switch it on."
NOT_HEARD: Final = (
    "No sensor is in range. Wake it with its button, bring it within a few metres, and close any phone app that is "
    "connected to it."
)
LEFT: Final = "The connection was closed."


MISSED: Final = 8
"""samples that must be missing in a row, of a sensor so slow that this takes longer than the silence of the others."""


def patience(codec: Codec, told_rate: float | None, least: float) -> float:
    """Seconds without a sample that can be used after which a running sensor counts as lost.

    Args:
        codec: of its family.
        told_rate: Hz, as the sensor itself told it, if it did.
        least: s, for a sensor of any ordinary rate.
    """
    if not codec.capabilities.steady:
        return math.inf
    rate = told_rate or codec.capabilities.rate
    return max(least, MISSED / rate, BROADCAST_SILENCE if codec.broadcasts else 0.0)


class Connection:
    """One sensor, kept connected for as long as `run` runs.

    The first sensor that is wanted and can be connected becomes the sensor of this connection; from then on no other
    one is taken, not even of the same family. Before that, a device that turns out not to be what it calls itself is
    passed over for the next search, and tried again only when nothing else was heard in it.

    Args:
        radio: how to reach it.
        wanted: the codec for a device that would do, None for others.
        listener: who is told.
        now: the host's clock in ns, for what is sent.
        silence: s without a sample that can be used after which a running sensor counts as lost.
        stranger: is told of each device that is passed over, and the codec that it was taken for.
        counts: whether a sensor will do whose counts nobody can turn into newtons.
    """

    def __init__(
        self,
        radio: Radio,
        wanted: Callable[[Found], Codec | None],
        listener: Listener,
        *,
        now: Callable[[], int] = now_ns,
        silence: float = 2.0,
        stranger: Callable[[Found, Codec], None] = lambda *_: None,
        counts: bool = False,
    ) -> None:
        self._radio = radio
        self._stranger = stranger
        self._wanted = wanted
        self._listener = listener
        self._now = now
        self._silence = silence
        self._counts = counts
        self._state: LinkState = "absent"
        self._failures = 0
        self._known: tuple[Found, Codec] | None = None
        self._chosen = self._proved = False
        self._strangers: set[str] = set()
        self._conversation: Conversation | None = None

    @property
    def stream(self) -> Stream | None:
        """The stream of the present connection, until `disconnected` has been told."""
        return self._conversation.stream if self._conversation else None

    def post(self, command: Command) -> None:
        """Carry out a command once the sensor is ready, after those posted before.

        A command belongs to the present connection: without one it is dropped, and what still waits when the
        connection ends is dropped as well. A Start that was meant for the trial then must not start a sensor now.

        Raises:
            asyncio.QueueFull: too many of them are waiting.
        """
        if self._conversation is None:
            logger.info("%s was dropped: the sensor is not connected", command)
        else:
            self._conversation.post(command)

    async def run(self) -> None:
        """Keep the sensor connected until cancelled; then stop it if it runs, and close the link.

        Returns only when trying again cannot mend it, since the system refuses Bluetooth or the sensor gives no force
        as it is set; the sentence has been told as the state then, and calling `run` once more is the way to try again.

        Raises:
            ExceptionGroup: of a mistake of ours, e.g. a command that this sensor cannot carry out.
        """
        if self._state == "refused":
            self._move(Event.AGAIN, LOOKING)
        else:
            self._listener.state(self._state, LOOKING)
        try:
            while True:
                await self._connect(*await self._look())
        except RadioError as error:
            self._move(Event.REFUSED, str(error))
        except BaseException:
            self._move(Event.CLOSED, "")
            raise

    def _move(self, event: Event, sentence: str) -> None:
        self._state = after(self._state, event)
        self._listener.state(self._state, sentence)

    async def _look(self) -> tuple[Found, Codec]:
        """Wait for the sensor to be heard; if it is known from before, only until the back-off is over."""
        while True:
            try:
                heard = await self._hear(backoff(self._failures))
            except RadioError as error:
                self._must_be_curable(error)
                await asyncio.sleep(backoff(self._failures))
                continue
            if heard is not None:
                self._known = heard
                self._move(Event.HEARD, _heard(*heard))
                return heard
            self._failures += 1
            if self._strangers:
                self._strangers.clear()  # and what was said of them stays: no other one is in range
            elif self._known is not None:
                self._move(Event.WAITED, f"{_name(self._known[0])} has not been heard. Trying to reach it.")
                return self._known
            else:
                self._listener.state(self._state, NOT_HEARD)

    async def _hear(self, within: float) -> tuple[Found, Codec] | None:
        """The sensor, if it is heard in time."""
        heard = self._radio.find()
        try:
            async with asyncio.timeout(within):
                async for found in heard:
                    codec = self._wanted(found) if self._is_ours(found) else None
                    if codec is not None:
                        return found, codec
        except TimeoutError:
            pass
        finally:
            if isinstance(heard, AsyncGenerator):
                await heard.aclose()
        return None

    def _is_ours(self, found: Found) -> bool:
        if not self._chosen or self._known is None:
            return found.address not in self._strangers
        before, name = self._known[0], found.advertisement.name
        # Some systems give a device a new address now and then; its name has its number in it.
        return found.address == before.address or (name is not None and name == before.advertisement.name)

    async def _connect(self, found: Found, codec: Codec) -> None:
        """One connection, from the attempt to its end."""
        stream = Stream(codec.dialogue())
        conversation = Conversation(
            stream,
            self._listener,
            on_ready=lambda: self._greeted(found, codec),
            now=self._now,
            silence=lambda: patience(codec, stream.told_rate, self._silence),
            silent=UNHEARD if codec.broadcasts else SILENT,
            counts=self._counts,
        )
        try:
            link = await self._radio.open(
                found, codec.listens, conversation.packet, conversation.lost, codec.also_listens
            )
        except RadioError as error:
            self._must_be_curable(error)
            if error.stranger and not self._chosen:
                self._pass_over(found, codec)
            await asyncio.sleep(SETTLE)
            return
        self._conversation = conversation
        self._chosen = True
        self._strangers.clear()
        try:
            self._listener.connected(found, conversation.stream)
            self._move(Event.OPENED, _opened(found, codec))
            conversation.begin()
            why = await conversation.hold(link)
        except BaseException:
            try:
                await _undisturbed(conversation.leave(link))
            finally:
                self._end(LEFT)
                await _undisturbed(_close(link))
            raise
        if why == STRANGER and not self._proved:
            self._chosen = False
            self._pass_over(found, codec)
        self._proved = self._proved or why != STRANGER
        # Told before closing, which may take seconds: a trial that was on must not wait for it.
        self._end(why)
        self._failures += 1
        self._move(Event.ENDED, why)
        await _undisturbed(_close(link))
        if why == SCALELESS:
            raise RadioError(scaleless(_name(found), codec), retry=False)
        await asyncio.sleep(SETTLE)

    def _pass_over(self, found: Found, codec: Codec) -> None:
        """Not what it calls itself: perhaps another one is meant, or another family."""
        self._strangers.add(found.address)
        self._known = None
        self._stranger(found, codec)

    def _greeted(self, found: Found, codec: Codec) -> None:
        self._failures = 0
        self._move(Event.GREETED, _greeted(found, codec))

    def _end(self, why: str) -> None:
        try:
            self._listener.disconnected(why)
        finally:
            self._conversation = None

    def _must_be_curable(self, error: RadioError) -> None:
        if not error.retry:
            raise error
        self._failures += 1
        self._move(Event.NOT_BACK if self._chosen else Event.FAILED, str(error))


def _name(found: Found) -> str:
    return found.advertisement.name or found.address


def _heard(found: Found, codec: Codec) -> str:
    return f"{'Listening' if codec.broadcasts else 'Connecting'} to {_name(found)}."


def _opened(found: Found, codec: Codec) -> str:
    return _greeted(found, codec) if codec.broadcasts else f"{_name(found)} is connected and tells about itself."


def _greeted(found: Found, codec: Codec) -> str:
    if not codec.broadcasts:
        return f"{_name(found)} is connected."
    merged = " macOS may pass a reading on only when it changes." if sys.platform == "darwin" else ""
    return f"{_name(found)} is heard.{merged}"


async def _close(link: Link) -> None:
    try:
        async with asyncio.timeout(CLOSING):
            await link.close()
    except (RadioError, TimeoutError) as error:
        logger.info("a link could not be closed in order: %s", error)


async def _undisturbed(work: Coroutine[Any, Any, None]) -> None:
    """Bring a piece of work to its end, however often we are cancelled meanwhile; the cancellation follows then."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled
