"""Confined processes: what they answer, and what becomes of those that misbehave."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backline.platform.confined import (
    Confinement,
    ConfinementFault,
    ConfinementLost,
    Crashed,
    Limits,
    OutOfMemory,
    OutOfTime,
    TooMuchOutput,
    fork_zygote,
)
from backline.platform.confined.landlock import landlock_abi
from backline.platform.host.reach import kept_descriptors
from tests.support import strangers
from tests.support.confinement import confined
from tests.support.strangers import Pair
from tests.support.waiting import until

pytestmark = pytest.mark.slow

LIMITS = Limits(memory_bytes=64 << 20, cpu_s=20, wall_s=60)
MODERN = pytest.mark.skipif(landlock_abi() < 6, reason="this kernel's Landlock is too old")


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined(["tests.support.strangers"]) as opened:
        yield opened


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


@contextmanager
def denied() -> Iterator[None]:
    with pytest.raises(Crashed) as caught:
        yield
    assert caught.value.tail.startswith("PermissionError: ")


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_structs_travel_both_ways(confinement: Confinement) -> None:
    answer = await confinement.call(strangers.swap, Pair(1, "2"), 1, returns=Pair, limits=LIMITS)
    assert answer == Pair(2, "1")


async def test_functions_are_found_by_name(confinement: Confinement) -> None:
    name = "tests.support.strangers:swap"

    assert await confinement.call(name, Pair(1, "2"), 2, returns=Pair, limits=LIMITS) == Pair(
        1, "2"
    )


async def test_many_at_once(confinement: Confinement) -> None:
    calls = [
        confinement.call(strangers.swap, Pair(n, "2"), 0, returns=Pair, limits=LIMITS)
        for n in range(40)
    ]

    assert [pair.left for pair in await asyncio.gather(*calls)] == list(range(40))


async def test_progress_arrives_in_order_and_to_the_end(confinement: Confinement) -> None:
    heard: list[tuple[int, int]] = []

    def listen(done: int, total: int) -> None:
        heard.append((done, total))

    await confinement.call(strangers.count_to, 20, returns=int, limits=LIMITS, on_progress=listen)

    assert heard == sorted(heard)
    assert heard[-1] == (20, 20)


async def test_only_given_paths_can_be_read_and_written(
    confinement: Confinement, tmp_path: Path
) -> None:
    if not landlock_abi():
        pytest.skip("this kernel has no Landlock")
    shown, hidden, folder = tmp_path / "shown", tmp_path / "hidden", tmp_path / "out"
    shown.write_text("seen")
    hidden.write_text("secret")
    folder.mkdir()
    call = confinement.call

    assert (
        await call(strangers.read_text, shown, returns=str, limits=LIMITS, reads=[shown]) == "seen"
    )
    assert await call(
        strangers.write_text, folder / "a", "four", returns=int, limits=LIMITS, writes=[folder]
    ) == 4  # fmt: skip
    for function, args in (
        (strangers.read_text, (hidden,)),
        (strangers.write_text, (shown, "no")),
        (strangers.read_text, (Path("/etc/passwd"),)),
    ):
        with denied():
            await call(function, *args, returns=str, limits=LIMITS, reads=[shown])
    assert shown.read_text() == "seen"


async def test_memory_is_limited(confinement: Confinement) -> None:
    with pytest.raises(OutOfMemory, match=r"more than 67 MB of memory"):
        await confinement.call(strangers.fill_memory, returns=int, limits=LIMITS)


async def test_memory_that_c_asks_for_is_limited(confinement: Confinement) -> None:
    got = await confinement.call(strangers.map_memory, 200 << 20, returns=int, limits=LIMITS)

    assert got == 0


async def test_cpu_time_is_limited(confinement: Confinement) -> None:
    limits = Limits(cpu_s=1, wall_s=60)

    with pytest.raises(OutOfTime, match="more than 1 s of CPU time"):
        await confinement.call(strangers.spin, returns=int, limits=limits)


async def test_wall_time_is_limited(confinement: Confinement) -> None:
    with pytest.raises(OutOfTime, match=r"more than 0\.5 s\."):
        await confinement.call(strangers.wait_for_ever, returns=int, limits=Limits(wall_s=0.5))


async def test_files_are_limited(confinement: Confinement, tmp_path: Path) -> None:
    limits = Limits(file_bytes=4 << 20, wall_s=60)

    with pytest.raises(TooMuchOutput):
        await confinement.call(
            strangers.write_large_file, tmp_path / "a", 16 << 20,
            returns=int, limits=limits, writes=[tmp_path],
        )  # fmt: skip

    assert (tmp_path / "a").stat().st_size <= 4 << 20


async def test_answers_are_limited(confinement: Confinement) -> None:
    limits = Limits(answer_bytes=1000, wall_s=60)

    with pytest.raises(TooMuchOutput):
        await confinement.call(strangers.answer_at_length, 1001, returns=bytes, limits=limits)


async def test_large_answers_within_the_limit_arrive(confinement: Confinement) -> None:
    limits = Limits(answer_bytes=17 << 20, wall_s=60)
    call = confinement.call(strangers.answer_at_length, 16 << 20, returns=bytes, limits=limits)

    assert len(await call) == 16 << 20


async def test_answers_of_another_type_are_refused(confinement: Confinement) -> None:
    with pytest.raises(Crashed, match="isn't understood"):
        await confinement.call(strangers.lie, returns=Pair, limits=LIMITS)


async def test_nonsense_on_the_channel_is_refused(confinement: Confinement) -> None:
    with pytest.raises(ConfinementFault):
        await confinement.call(strangers.flood_reports, returns=int, limits=LIMITS)


async def test_exceptions_are_named_but_not_to_people(confinement: Confinement) -> None:
    with pytest.raises(Crashed) as caught:
        await confinement.call(strangers.fail, "no such \x1bluck", returns=int, limits=LIMITS)

    told = (caught.value.reason, caught.value.tail)
    assert told == ("The program that read it failed.", "ValueError: no such  luck")


async def test_crashes_are_named(confinement: Confinement) -> None:
    with pytest.raises(Crashed, match="SIGSEGV"):
        await confinement.call(strangers.segfault, returns=int, limits=LIMITS)


async def test_no_process_can_be_made(confinement: Confinement) -> None:
    with denied():
        await confinement.call(strangers.fork_for_ever, returns=int, limits=LIMITS)


async def test_no_socket_can_be_opened(confinement: Confinement) -> None:
    with denied():
        await confinement.call(strangers.open_socket, returns=int, limits=LIMITS)


async def test_other_processes_are_out_of_reach(confinement: Confinement) -> None:
    with denied():
        await confinement.call(strangers.signal_process, os.getpid(), returns=int, limits=LIMITS)


async def test_the_surroundings_are_bare(
    confinement: Confinement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKLINE_SENTRY_DSN", "https://secret@example.org/1")

    seen = await confinement.call(
        strangers.look_around, returns=dict[str, str | int], limits=LIMITS
    )

    assert seen["session"] == 0
    # What another test of this process may have had kept open of a closed home stays so.
    expected = [0, 1, 2, 3, *sorted(kept_descriptors())]
    assert seen["descriptors"] == ",".join(map(str, expected))
    assert seen["niceness"] == os.nice(0) + 10
    assert "BACKLINE" not in str(seen["environment"])


async def test_a_cancelled_call_ends_its_process(confinement: Confinement, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    task = asyncio.create_task(
        confinement.call(
            strangers.tell_pid_and_wait, note, returns=int, limits=LIMITS, writes=[tmp_path]
        )
    )
    await until(lambda: note.exists() and note.read_text())
    pid = int(note.read_text())

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert is_gone(pid)


async def test_a_killed_process_is_a_fault(confinement: Confinement, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    task = asyncio.create_task(
        confinement.call(
            strangers.tell_pid_and_wait, note, returns=int, limits=LIMITS, writes=[tmp_path]
        )
    )
    await until(lambda: note.exists() and note.read_text())
    os.kill(int(note.read_text()), signal.SIGKILL)

    with pytest.raises(ConfinementFault):
        await task


async def test_without_the_zygote_everything_ends(tmp_path: Path) -> None:
    zygote = fork_zygote(["tests.support.strangers"])
    note = tmp_path / "pid"
    async with Confinement(zygote) as confinement:
        task = asyncio.create_task(
            confinement.call(
                strangers.tell_pid_and_wait, note, returns=int, limits=LIMITS, writes=[tmp_path]
            )
        )
        await until(lambda: note.exists() and note.read_text())

        os.kill(zygote.pid, signal.SIGKILL)

        with pytest.raises(ConfinementLost):
            await task
        await asyncio.wait_for(confinement.wait_lost(), 60)
        await until(lambda: is_gone(int(note.read_text())))
        with pytest.raises(ConfinementLost):
            await confinement.call(strangers.swap, Pair(1, "2"), 0, returns=Pair, limits=LIMITS)


async def test_a_zygote_that_cannot_import_says_so() -> None:
    with pytest.raises(ConfinementLost):
        async with confined(["no.such.module"]):
            pass


async def test_a_program_prints_lines_and_complaints(confinement: Confinement) -> None:
    lines: list[str] = []
    done = await confinement.run(
        ["/bin/sh", "-c", "echo one; echo two; echo oh >&2; printf three; exit 4"],
        limits=LIMITS,
        on_line=lines.append,
    )

    assert (done.returncode, done.stderr_tail, lines) == (4, "oh\n", ["one", "two", "three"])


async def test_a_program_can_be_given_its_input(confinement: Confinement, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("from a descriptor")
    lines: list[str] = []
    with (tmp_path / "in").open("rb") as file:
        await confinement.run(
            ["/bin/cat"], limits=LIMITS, on_line=lines.append, stdin=file.fileno()
        )

    assert lines == ["from a descriptor"]


async def test_a_program_that_floods_is_ended(confinement: Confinement) -> None:
    limits = Limits(output_bytes=1 << 20, wall_s=60)

    with pytest.raises(TooMuchOutput):
        await confinement.run(["/bin/cat", "/dev/zero"], limits=limits)


async def test_a_program_that_is_not_there_is_named(confinement: Confinement) -> None:
    with pytest.raises(Crashed, match="/no/such/program: No such file"):
        await confinement.run(["/no/such/program"], limits=LIMITS)


async def test_a_program_has_no_processes_either(confinement: Confinement) -> None:
    script = "(while :; do :; done) & sleep 1 & wait"

    done = await confinement.run(["/bin/sh", "-c", script], limits=LIMITS)

    assert done.returncode != 0
    assert "fork" in done.stderr_tail


async def test_a_program_is_limited_in_time_and_files(
    confinement: Confinement, tmp_path: Path
) -> None:
    limits = Limits(cpu_s=1, wall_s=60, file_bytes=1 << 20)

    with pytest.raises(OutOfTime):
        await confinement.run(["/bin/sh", "-c", "while :; do :; done"], limits=limits)
    with pytest.raises(TooMuchOutput):
        await confinement.run(
            ["/bin/dd", "if=/dev/zero", f"of={tmp_path}/a", "bs=1M", "count=8"],
            limits=limits, writes=[tmp_path],
        )  # fmt: skip


@MODERN
async def test_a_program_sees_only_given_paths(confinement: Confinement, tmp_path: Path) -> None:
    (tmp_path / "hidden").write_text("secret")

    done = await confinement.run(["/bin/cat", tmp_path / "hidden"], limits=LIMITS)

    assert done.returncode != 0
    assert "Permission denied" in done.stderr_tail


async def test_an_exception_of_the_listener_ends_the_program(confinement: Confinement) -> None:
    def listen(line: str) -> None:
        raise LookupError(line)

    with pytest.raises(LookupError, match="one"):
        await confinement.run(
            ["/bin/sh", "-c", "echo one; sleep 3600"], limits=LIMITS, on_line=listen
        )


async def test_descriptors_are_given_back(confinement: Confinement) -> None:
    await confinement.run(["/bin/true"], limits=LIMITS)
    before = open_descriptors()

    for _ in range(10):
        await confinement.call(strangers.swap, Pair(1, "2"), 0, returns=Pair, limits=LIMITS)
        await confinement.run(["/bin/true"], limits=LIMITS)
        with pytest.raises(Crashed):
            await confinement.run(["/no/such"], limits=LIMITS)

    await until(lambda: open_descriptors() == before)


async def test_the_end_of_the_worker_is_the_end_of_all(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    worker = os.fork()
    if worker == 0:
        try:
            asyncio.run(_work_until_killed(note))
        finally:
            os._exit(1)
    await until(lambda: note.exists() and len(note.read_text().split()) == 2)
    zygote, child = (int(pid) for pid in note.read_text().split())

    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)  # noqa: ASYNC222

    await until(lambda: is_gone(zygote) and is_gone(child))


async def _work_until_killed(note: Path) -> None:
    zygote = fork_zygote(["tests.support.strangers"])
    child_note = note.with_name("child")
    async with Confinement(zygote) as confinement:
        task = asyncio.create_task(
            confinement.call(
                strangers.tell_pid_and_wait, child_note,
                returns=int, limits=LIMITS, writes=[note.parent],
            )
        )  # fmt: skip
        await until(lambda: child_note.exists() and child_note.read_text())
        note.write_text(f"{zygote.pid} {child_note.read_text()}")  # noqa: ASYNC240
        await task
