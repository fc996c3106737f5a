"""`backline migrate`, as it is run before each new version on servers of one's own."""

from pathlib import Path

from tests.support.care import backline


def test_it_makes_the_schema_and_tells_the_link_until_there_is_an_administrator(
    empty_dsn: str, open_folder: Path
) -> None:
    told = {
        "BACKLINE_DATABASE_URL": empty_dsn,
        "BACKLINE_DATA_DIR": str(open_folder / "data"),
        "BACKLINE_SECRET_FILE": str(open_folder / "secrets.json"),
        "BACKLINE_PUBLIC_URL": "https://music.example.org",
    }

    first = backline("migrate", **told)
    second = backline("migrate", **told)

    assert first.returncode == 0, first.stderr
    assert "Applied platform/0001_jobs" in first.stdout
    assert "https://music.example.org/setup#" in first.stdout
    assert "Applied" not in second.stdout
    assert "The schema is up to date." in second.stdout
