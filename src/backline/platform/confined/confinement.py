"""Have strangers' bytes handled in confined processes, and await the outcome.

Each `call` and `run` is a process of its own, which ends when its caller is cancelled.
"""

import asyncio
import contextlib
import itertools
import os
import socket
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import msgspec
import structlog

from backline.platform.confined.limits import (
    Completed,
    ConfinementFault,
    ConfinementLost,
    Crashed,
    Limits,
    TooMuchOutput,
)
from backline.platform.confined.link import Link
from backline.platform.confined.outcome import fault_of, fault_of_answer
from backline.platform.confined.output import Output
from backline.platform.confined.printing import Printing, printing
from backline.platform.confined.protocol import (
    ANSWER,
    ARGUMENTS,
    FAULT,
    FRAME,
    Call,
    Ended,
    Fault,
    Progress,
    Run,
    plain,
)
from backline.platform.confined.zygote import Zygote
from backline.platform.host.disk import check_not_full

_log = structlog.get_logger()
T = TypeVar("T")
OnProgress = Callable[[int, int], None]
_MOST_REPORTS: Final = 100_000
_SMALL_BYTES: Final = 4096


class Confinement:
    """The confined processes of one worker. Its `async with` stands around all other work."""

    def __init__(self, zygote: Zygote) -> None:
        self._link = Link(zygote)
        self._ids = itertools.count(1)

    async def __aenter__(self) -> Self:
        """Wait until the zygote has imported what it was told.

        Raises:
            ConfinementLost: it couldn't.
        """
        try:
            await self._link.open()
        except BaseException:
            await self._link.close()
            raise
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """End all that still runs, and the zygote."""
        await self._link.close()

    async def wait_lost(self) -> None:
        """Return when the zygote has ended unasked: this process should then end, too."""
        await self._link.lost.wait()

    async def call(
        self,
        function: Callable[..., object] | str,
        *args: object,
        returns: type[T],
        limits: Limits,
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        on_progress: OnProgress | None = None,
    ) -> T:
        """Run a module's function (or `module:name`) in a confined process.

        Arguments and answer travel as MessagePack: arguments are read as the function's
        annotations say, the answer is checked to be a `returns`. Of the file system the function
        sees the paths in `reads` and `writes` (files, or folders with all in them). `on_progress`
        hears what it tells `report`.

        Raises:
            ConfinementFault: the function raised, or a limit was reached; see its subclasses.
            DiskFull: so it went because there is no room left where it writes.
        """
        with _blaming_full_disks(writes):
            return await self._call(
                function, *args, returns=returns, limits=limits, reads=reads, writes=writes,
                on_progress=on_progress,
            )  # fmt: skip

    async def _call(
        self,
        function: Callable[..., object] | str,
        *args: object,
        returns: type[T],
        limits: Limits,
        reads: Sequence[Path],
        writes: Sequence[Path],
        on_progress: OnProgress | None,
    ) -> T:
        name = function if isinstance(function, str) else _name(function)
        packed = msgspec.msgpack.encode(args, enc_hook=plain)
        request = Call(next(self._ids), name, limits, _texts(reads), _texts(writes))
        ours, theirs = socket.socketpair()
        with theirs:
            async with (
                _stream(ours) as (reader, writer),
                self._link.process(request, [theirs.fileno()], limits.wall_s) as ended,
            ):
                theirs.close()
                writer.write(FRAME.pack(ARGUMENTS, len(packed)) + packed)
                answer = await _read_answer(reader, limits, on_progress)
                result = await ended
        if isinstance(answer, Fault):
            fault = fault_of_answer(answer, limits)
            _log.info("confined_function_failed", function=name, fault=fault.tail or fault.reason)
            raise fault
        if answer is None:
            raise fault_of(result, limits) or Crashed("It ended without an answer.")
        try:
            return msgspec.msgpack.decode(answer, type=returns)
        except (msgspec.MsgspecError, RecursionError):
            raise Crashed("It gave an answer that isn't understood.") from None

    async def run(
        self,
        argv: Sequence[str | Path],
        *,
        limits: Limits,
        reads: Sequence[Path] = (),
        writes: Sequence[Path] = (),
        on_line: Callable[[str], None] | None = None,
        stdin: int | None = None,
    ) -> Completed:
        """Run a program, named by its absolute path, in a confined process.

        `on_line` hears each line of its standard output, without its end and cut to 64 KiB. A
        return code other than 0 is the caller's to judge.

        Raises:
            ConfinementFault: it couldn't start, crashed, or reached a limit; see its subclasses.
            DiskFull: it failed, and there is no room left where it writes.
        """
        with _blaming_full_disks(writes):
            done = await self._run(
                argv, limits=limits, reads=reads, writes=writes, on_line=on_line, stdin=stdin
            )
            if done.returncode:
                _check_disks(writes)
        return done

    async def _run(
        self,
        argv: Sequence[str | Path],
        *,
        limits: Limits,
        reads: Sequence[Path],
        writes: Sequence[Path],
        on_line: Callable[[str], None] | None,
        stdin: int | None,
    ) -> Completed:
        request = self._request(argv, limits, reads, writes)
        output = Output(limits, on_line)
        with _Ends(stdin) as ends:
            async with (
                output.reading(ends.out, ends.err) as both_ended,
                _stream(ends.channel) as (reader, _),
                self._link.process(request, ends.passed, limits.wall_s) as ended,
            ):
                ends.hand_over()
                fault = await _read_answer(reader, limits, None)
                await both_ended
                result = await ended
        return _completed(fault, result, limits, output.tail())

    @contextlib.asynccontextmanager
    async def reading(
        self,
        argv: Sequence[str | Path],
        *,
        limits: Limits,
        reads: Sequence[Path] = (),
        stdin: int | None = None,
    ) -> AsyncGenerator[Printing]:
        """Run a program for as long as the `async with` does, and read what it prints meanwhile.

        It waits where that isn't read. Whatever ends the `async with` ends the program.

        Raises:
            OutOfTime: the `async with` took longer than `wall_s`.
            ConfinementLost: no program can be started any more.
        """
        request = self._request(argv, limits, reads, ())
        with _Ends(stdin) as ends:
            async with (
                printing(ends.out, ends.err, limits) as printed,
                _stream(ends.channel) as (reader, _),
                self._link.process(request, ends.passed, limits.wall_s) as ended,
            ):
                ends.hand_over()

                async def end() -> Completed:
                    fault = await _read_answer(reader, limits, None)
                    return _completed(fault, await ended, limits, printed.tail())

                printed.end = end
                yield printed

    def _request(
        self,
        argv: Sequence[str | Path],
        limits: Limits,
        reads: Sequence[Path],
        writes: Sequence[Path],
    ) -> Run:
        words = [str(word) for word in argv]
        return Run(next(self._ids), words, limits, _texts(reads), _texts(writes))


class _Ends:
    """Both ends of all that connects us with a program; `passed` are those that it is given."""

    def __init__(self, stdin: int | None) -> None:
        self._theirs = contextlib.ExitStack()
        self.channel, channel = socket.socketpair()
        self._theirs.callback(channel.close)
        given = self._held(os.open(os.devnull, os.O_RDONLY)) if stdin is None else stdin
        self.out, out_end = os.pipe()
        self.err, err_end = os.pipe()
        self.passed = [channel.fileno(), given, self._held(out_end), self._held(err_end)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hand_over()

    def hand_over(self) -> None:
        """Close what is the program's own from now on."""
        self._theirs.close()

    def _held(self, descriptor: int) -> int:
        self._theirs.callback(os.close, descriptor)
        return descriptor


def _completed(fault: bytes | Fault | None, ended: Ended, limits: Limits, tail: str) -> Completed:
    if isinstance(fault, Fault):
        raise Crashed(f"A program can't be started: {fault.detail}.")
    failed = fault_of(ended, limits, tail)
    if failed is not None:
        raise failed
    code = os.waitstatus_to_exitcode(ended.status)
    return Completed(code, tail, ended.cpu_s, ended.max_rss_bytes)


async def _read_answer(
    reader: asyncio.StreamReader, limits: Limits, on_progress: OnProgress | None
) -> bytes | Fault | None:
    """The child's answer, its fault, or None when it ended without either."""
    for _ in range(_MOST_REPORTS):
        try:
            kind, size = FRAME.unpack(await reader.readexactly(FRAME.size))
            if size > (limits.answer_bytes if kind == ANSWER else _SMALL_BYTES):
                raise TooMuchOutput("It gave a longer answer than it may.")
            body = await reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        if kind == ANSWER:
            return body
        try:
            if kind == FAULT:
                return msgspec.msgpack.decode(body, type=Fault)
            progress = msgspec.msgpack.decode(body, type=Progress)
        except msgspec.MsgspecError:
            raise Crashed("It gave an answer that isn't understood.") from None
        if on_progress is not None:
            on_progress(progress.done, progress.total)
    raise TooMuchOutput("It reported its progress too often.")


@contextlib.asynccontextmanager
async def _stream(
    ours: socket.socket,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter], None]:
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@contextlib.contextmanager
def _blaming_full_disks(writes: Sequence[Path]) -> Generator[None]:
    """Say so where a full disk stands behind a fault: it is nobody's who gave the bytes.

    What the process says of it isn't asked: it may have been taken over by what it read.
    """
    try:
        yield
    except ConfinementLost:
        raise
    except ConfinementFault:
        _check_disks(writes)
        raise


def _check_disks(writes: Sequence[Path]) -> None:
    for path in writes:
        with contextlib.suppress(FileNotFoundError):
            check_not_full(path)


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}:{function.__qualname__}"


def _texts(paths: Sequence[Path]) -> list[str]:
    return [str(path) for path in paths]
