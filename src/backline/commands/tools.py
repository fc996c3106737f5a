"""pg_dump and pg_restore: found in a version that fits, started without a password to be seen."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import IO, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from backline.commands.ground import CareFault, Ground
from backline.platform.postgres.cluster import environment

_LAST_LINES: Final = 5
_SETTLE_S: Final = 10.0
_VERSION_S: Final = 60.0


def dump(ground: Ground, snapshot_id: str, server_version: int, target: IO[bytes]) -> str:
    """Write the whole database, as of a snapshot, to an open file; what made it.

    Raises:
        CareFault: no pg_dump fits, or it failed.
    """
    program, version = _fitting(ground, "pg_dump", server_version // 10_000)
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot_id}"]
    _run(ground, program, arguments, stdout=target)
    return version


def load(ground: Ground, source: IO[bytes], made_by_major: int) -> None:
    """Make in the empty database of `ground` what an open file of pg_dump holds, or nothing.

    Raises:
        CareFault: no pg_restore fits, or it failed.
    """
    program, _ = _fitting(ground, "pg_restore", made_by_major)
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run(ground, program, arguments, stdin=source)


def major_of(version: str) -> int:
    """The major version in `pg_dump (PostgreSQL) 18.4`; 0 where there is none."""
    found = re.search(r"\) (\d+)", version)
    return int(found[1]) if found else 0


def split_password(dsn: str) -> tuple[str, str | None]:
    """An address without its password, and the password."""
    parts = urlsplit(dsn)
    who, at, where = parts.netloc.rpartition("@")
    name, _, password = who.partition(":")
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = [value for key, value in query if key == "password"]
    kept = urlencode([pair for pair in query if pair[0] != "password"], quote_via=quote, safe="/")
    bare = urlunsplit((parts.scheme, name + at + where, parts.path, kept, parts.fragment))
    found = unquote(password) if password else asked[-1] if asked else None
    return bare, found


def _fitting(ground: Ground, name: str, major: int) -> tuple[Path, str]:
    """The program, and what it calls itself: ours, or the system's for a newer server."""
    candidates = [ground.bin_dir / name]
    installed = shutil.which(name)
    if installed is not None:
        candidates.append(Path(installed))
    if ground.settings.database_url is not None:
        candidates.reverse()  # it speaks TLS, which ours doesn't
    for program in candidates:
        version = _version(program, ground)
        if major_of(version) >= major:
            return program, version
    raise CareFault(
        f"This needs {name} of PostgreSQL {major} or newer. Install PostgreSQL's client programs "
        "in that version so that they are found on PATH."
    )


def _version(program: Path, ground: Ground) -> str:
    try:
        process = _start(ground, [program, "--version"], environment(), None, subprocess.PIPE)
    except OSError:
        return ""
    try:
        said, _ = process.communicate(timeout=_VERSION_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return ""
    return said.decode("utf-8", "replace").strip()


def _run(
    ground: Ground,
    program: Path,
    arguments: list[str],
    *,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    address, password = split_password(ground.dsn)
    environ = environment() | ({} if password is None else {"PGPASSWORD": password})
    command = [program, *arguments, f"--dbname={address}"]
    process = _start(ground, command, environ, stdin, stdout)
    try:
        _, said = process.communicate()
    except BaseException:
        process.terminate()
        try:
            process.wait(_SETTLE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    if process.returncode != 0:
        lines = said.decode("utf-8", "replace").strip().splitlines()[-_LAST_LINES:]
        raise CareFault(f"{program.name} failed:\n" + "\n".join(lines))


def _start(
    ground: Ground,
    command: list[str | Path],
    environ: dict[str, str],
    stdin: IO[bytes] | None,
    stdout: IO[bytes] | int | None,
) -> "subprocess.Popen[bytes]":
    user = ground.programs_user
    return subprocess.Popen(  # noqa: S603  # a program of PostgreSQL's
        command,
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if stdout is None else stdout,
        stderr=subprocess.PIPE,
        cwd="/",
        env=environ,
        user=None if user is None else user.uid,
        group=None if user is None else user.gid,
        extra_groups=None if user is None else [],
    )
