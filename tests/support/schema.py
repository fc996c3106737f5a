"""The schema of a database as text, and back: what a release's installation looks like."""

import subprocess
from pathlib import Path

from tests.support.postgres import find_tree

LIMIT_S = 60


def describe(dsn: str) -> str:
    """The whole schema, the same text for the same schema."""
    text = _run("pg_dump", "--schema-only", "--no-owner", "--no-privileges", dsn)
    # pg_dump fences its output with a random key.
    kept = [line for line in text.splitlines() if line and not line.startswith(("--", "\\"))]
    return "\n".join(kept) + "\n"


def snapshot(dsn: str) -> str:
    """SQL that makes the schema, with the list of the migrations that led to it."""
    applied = _run("pg_dump", "--data-only", "--inserts", "--table=schema_migrations", dsn)
    return describe(dsn) + "\n".join(x for x in applied.splitlines() if x.startswith("INSERT"))


def restore(dsn: str, release: Path) -> None:
    """Make in an empty database what `snapshot` told of another."""
    _run("psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", str(release), dsn)


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [find_tree() / "bin" / program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
