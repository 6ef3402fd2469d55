"""One open connection, from the greeting to its end: packets in, scripts out, and a watch for silence.

Plays what the dialogue asks for (`Write`, `Pause`) in order, one script at a time: what the dialogue itself wants to
know goes first, then the commands that were posted, and those only once the sensor is ready. Commands belong to the
connection on which they were posted; when it ends they are gone with it. Knows no device and no radio, and does not
know what happens before or after this one connection.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from firmware_protocols.codec import Asked, Command, Malformed, Pause, Read, Ready, Said, Start, Stop, Told, Write
from forcelab.acquisition.link import Found, Link, RadioError
from forcelab.acquisition.scale import in_counts
from forcelab.acquisition.stream import Stream
from forcelab.model import LinkState, Packet

logger = logging.getLogger(__name__)

GREETING: Final = 10.0  # s until a sensor must have told what it is; the slowest known one asks five questions
STOPPING: Final = 3.0  # s that a last Stop may take before the link is closed all the same
COMMANDS: Final = 32  # more than a person or a flow can want at once: a full queue is our bug
# Silence is counted in looks, not by the clock: a loop that was held up, or a computer that slept, finds all the looks
# it missed to be one, and then hears what was waiting, instead of taking its own absence for the sensor's.
LOOKS: Final = 8
SENSELESS: Final = 8  # packets, from the first on, of which none makes sense: not even one that was cut in two does so
LONGEST: Final = 600.0  # s between two looks at most, for a sensor whose silence is no loss

MUTE: Final = "The sensor does not answer. Switch it off and on again."
SILENT: Final = "The sensor is connected but sends nothing any more. Bring it closer, or change its battery."
UNHEARD: Final = "The sensor is not heard any more. Switch it on, and bring it closer."
STRANGER: Final = "Nothing that the sensor sends makes sense: it is not what it calls itself."
SCALELESS: Final = "The sensor sends counts, and nobody has told how much force they are."
USELESS: Final = "The sensor sends nothing that can be used. Switch it off and on again."


class Listener(Protocol):
    """Who wants to know. All of it is called on the loop, and must not block."""

    def connected(self, found: Found, stream: Stream) -> None:
        """A link is open; nothing has been said on it yet."""

    def packet(self, packet: Packet) -> None:
        """The sensor sent this. Called before the stream is fed, so that it is kept first."""

    def sent(self, packet: Packet) -> None:
        """This is being written. Called before the stream is fed."""

    def told(self, told: Told) -> None:
        """What the stream made of it."""

    def state(self, state: LinkState, sentence: str) -> None:
        """How things stand, and what a person should know or do."""

    def disconnected(self, why: str) -> None:
        """The link ended; there is no more of it after this."""


class Conversation:
    """What passes on one connection.

    `packet` and `lost` are the callbacks for the radio; they may be called before `begin` and never raise. An
    exception of our own inside of them ends the connection and comes out of `hold`.

    Args:
        stream: of this connection.
        listener: who is told.
        on_ready: called once, when the sensor can be started.
        now: the host's clock in ns, for what is sent.
        silence: s without a sample that can be used after which a running sensor counts as lost; asked at each look,
            as it depends on the rate, which the sensor may tell.
        silent: what is said then, if nothing at all was heard.
        counts: whether counts will do that nobody can turn into newtons; if not, a sensor that still tells nothing else
            when the greeting is over is left with `SCALELESS`.
    """

    def __init__(
        self,
        stream: Stream,
        listener: Listener,
        *,
        on_ready: Callable[[], None],
        now: Callable[[], int],
        silence: Callable[[], float],
        silent: str = SILENT,
        counts: bool = False,
    ) -> None:
        self.stream = stream
        self._listener = listener
        self._on_ready = on_ready
        self._now = now
        self._silence, self._silent = silence, silent
        self._counts, self._only_counts = counts, False
        self._scripts: deque[Sequence[Asked]] = deque()
        self._commands: deque[Command] = deque()
        self._work = asyncio.Event()
        self._answered = asyncio.Event()
        self._greeted = asyncio.Event()
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._early: list[Packet] | None = []
        self._heard = False  # anything at all; since the last sample that could be used
        self._fed = False
        self._owed = False  # it streams by itself, and is wanted to
        self._senseless: int | None = 0  # packets so far; None once one made sense

    def packet(self, packet: Packet) -> None:
        """A notification, stamped by the radio."""
        if self._early is not None:
            self._early.append(packet)
        elif not self._ended.done():
            try:
                self._take(packet)
            except Exception as error:  # it must not go into the radio, and must not be lost there either
                logger.exception("a packet could not be handled")
                self._ended.set_exception(error)

    def lost(self, why: str) -> None:
        """The radio lost the connection."""
        if not self._ended.done():
            self._ended.set_result(why)

    def post(self, command: Command) -> None:
        """Carry out a command when its turn comes.

        Raises:
            asyncio.QueueFull: too many of them are waiting.
        """
        if len(self._commands) >= COMMANDS:
            raise asyncio.QueueFull(f"{COMMANDS} commands are waiting for the sensor already")
        self._commands.append(command)
        self._work.set()

    def begin(self) -> None:
        """Open the dialogue, and take what arrived while the link was being opened."""
        self._queue(self._tell(self.stream.open()))
        early, self._early = self._early or [], None
        for packet in early:
            self._take(packet)

    async def hold(self, link: Link) -> str:
        """Talk until the connection ends, and say why it did. To be called after `begin`, once.

        Raises:
            ExceptionGroup: of a mistake of ours, e.g. UnsupportedCommand.
        """
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(part) for part in (self._play(link), self._watch(), self._expect_greeting())]
            try:
                # Shielded: a cancellation ends this wait, not the connection, which still has to be left in order.
                return await asyncio.shield(self._ended)
            finally:
                for task in work:
                    task.cancel()

    async def leave(self, link: Link) -> None:
        """End it from our side: stop the sensor if it runs, in no more than a few seconds. Does not close the link."""
        if self.stream.running and not self._ended.done():
            try:
                async with asyncio.timeout(STOPPING):
                    for step in self._tell(self.stream.send(Stop())):
                        await self._step(link, step)
            except (RadioError, TimeoutError) as error:
                logger.info("the sensor could not be stopped before closing: %s", error)
        self.lost("")

    def _take(self, packet: Packet) -> None:
        self._heard = True
        self._listener.packet(packet)
        said = self.stream.receive(packet)
        self._fed = self._fed or bool(self.stream.latest()[0])
        if not self.stream.waiting:
            self._answered.set()
        self._queue(self._tell(said))
        self._doubt(said)

    def _doubt(self, said: Sequence[Said]) -> None:
        """A device of another kind may have the same name and the same characteristics, but not the same frames."""
        if self._senseless is None or not said:
            return
        senseless = all(isinstance(message, Malformed) for message in said)
        self._senseless = self._senseless + 1 if senseless else None
        if self._senseless == SENSELESS:
            self.lost(STRANGER)

    def _tell(self, said: Sequence[Said]) -> list[Asked]:
        """Tell the listener what is told to us; what is asked of us is the script that remains."""
        script: list[Asked] = []
        for message in said:
            if isinstance(message, Write | Read | Pause):
                script.append(message)
                continue
            self._listener.told(message)
            if isinstance(message, Ready) and not self._greeted.is_set():
                # It may have been streaming before its calibration could be asked for, which makes force of counts.
                self._only_counts = in_counts(message) and not self._counts
                if self._only_counts:
                    continue
                self._greeted.set()
                self._work.set()
                self._on_ready()
        return script

    def _queue(self, script: Sequence[Asked]) -> None:
        if script:
            self._scripts.append(script)
            self._work.set()

    async def _play(self, link: Link) -> None:
        try:
            while True:
                for step in await self._next_script():
                    await self._step(link, step)
        except RadioError as error:
            self.lost(str(error))

    async def _next_script(self) -> Sequence[Asked]:
        while True:
            if self._scripts:
                return self._scripts.popleft()
            if self._commands and self._greeted.is_set():
                # Only now, since what a command means depends on what was written before it.
                command = self._commands.popleft()
                script = self._tell(self.stream.send(command))
                if isinstance(command, Start | Stop):
                    self._owed = isinstance(command, Start) and not script
                return script
            self._work.clear()
            await self._work.wait()

    async def _step(self, link: Link, step: Asked) -> None:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return
        if isinstance(step, Read):
            await link.read(step.characteristic)
            return
        packet = Packet(self._now(), step.characteristic, step.data)
        # Before the write itself: the sensor's answer may come before its acknowledgement.
        self._listener.sent(packet)
        self._queue(self._tell(self.stream.wrote(packet)))
        self._answered.clear()
        await link.write(step.characteristic, step.data, response=step.response)
        if step.reply_within is not None:
            await self._expect_reply(step.reply_within)

    async def _expect_reply(self, within: float) -> None:
        try:
            async with asyncio.timeout(within):
                await self._answered.wait()
        except TimeoutError:
            # A question that is never followed by this one call would be the last on its connection.
            self._queue(self._tell(self.stream.overdue()))

    async def _expect_greeting(self) -> None:
        try:
            async with asyncio.timeout(GREETING):
                await self._greeted.wait()
        except TimeoutError:
            self.lost(SCALELESS if self._only_counts else MUTE)

    async def _watch(self) -> None:
        quiet = 0
        while quiet < LOOKS:
            limit = self._silence()
            await asyncio.sleep(min(limit / LOOKS, LONGEST))
            wanted = self.stream.running or self._owed
            quiet = quiet + 1 if wanted and not self._fed and math.isfinite(limit) else 0
            if not quiet:
                self._heard = self._fed = False
        # A stream of which nothing can be kept looks alive to the radio; the next run has new ticks, and may be well.
        self.lost(USELESS if self._heard else self._silent)
