"""The words of tracks over HTTP: written by people, read from the tags of files."""

from pathlib import Path
from typing import Any

import pytest
from mutagen.id3 import ID3, SYLT, USLT

from tests.audio.conftest import named, prepared, uploaded, worker
from tests.support import sounds
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

LRC = "[ar:Ona]\n[00:02.50]Second\n[00:01.00]First\n"


async def put(person: Person, track_id: str, text: str) -> dict[str, Any]:
    answer = await person.client.put(f"/api/v1/tracks/{track_id}/lyrics", json={"text": text})
    answer.raise_for_status()
    return answer.json()


async def words(person: Person, track_id: str) -> dict[str, Any]:
    return (await person.get(f"/tracks/{track_id}/lyrics")).json()


async def test_a_track_has_no_words_until_somebody_writes_them(ada: Person) -> None:
    track_id = await named(ada, title="Song")
    before = await words(ada, track_id)

    given = await put(ada, track_id, "One\n\nTwo\n")

    assert before == {"is_timed": False, "lines": []}
    assert [line["text"] for line in given["lines"]] == ["One", "", "Two"]
    assert await words(ada, track_id) == given


async def test_timed_words_come_in_their_order(ada: Person) -> None:
    track_id = await named(ada, title="Song")

    assert await put(ada, track_id, LRC) == {
        "is_timed": True,
        "lines": [{"text": "First", "start_ms": 1000}, {"text": "Second", "start_ms": 2500}],
    }


async def test_an_empty_text_takes_the_words_away(ada: Person) -> None:
    track_id = await named(ada, title="Song")
    await put(ada, track_id, LRC)

    await put(ada, track_id, "")

    assert (await words(ada, track_id))["lines"] == []


async def test_too_long_a_text_is_refused(ada: Person) -> None:
    track_id = await named(ada, title="Song")

    path = f"/api/v1/tracks/{track_id}/lyrics"
    answer = await ada.client.put(path, json={"text": "x" * 100_001})

    assert answer.status_code == 422


@pytest.mark.slow
async def test_the_words_in_a_file_are_shown_unless_a_person_has_written_others(
    api: Api, ada: Person, tmp_path: Path
) -> None:
    song = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 0.5), tmp_path / "a.mp3")
    tags: Any = ID3()
    tags.add(USLT(lang="eng", text="Plain"))
    tags.add(SYLT(lang="eng", format=2, type=1, text=[("Two", 200), ("One", 100)]))
    tags.save(song)
    shown, own = await uploaded(ada, song), await uploaded(ada, song)
    await put(ada, own, "Mine")

    async with worker(api):
        for track_id in (shown, own):
            await prepared(ada, track_id)

    assert (await words(ada, shown))["lines"] == [
        *({"text": "One", "start_ms": 100}, {"text": "Two", "start_ms": 200})
    ]
    assert [line["text"] for line in (await words(ada, own))["lines"]] == ["Mine"]
