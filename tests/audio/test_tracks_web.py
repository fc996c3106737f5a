"""Lists of tracks over HTTP: every sort, page by page, and words that are looked for."""

import re
from typing import Any

import httpx
import pytest

from tests.audio.conftest import named
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

LIST = "/api/v1/tracks"
# In the order in which they are added: title, artist, album.
TRACKS = [
    ("The Zebra", "beta", "Delta"),
    ("Äpfel", "Alpha", ""),
    ("mango", "", "Charlie"),
    ("Banana", "alpha", "charlie"),
    ("banana", "Álpha", "Echo"),
]
# By their numbers above; the same name twice is in the order of adding, and no name comes last.
ORDERS = {
    "created_at": [0, 1, 2, 3, 4],
    "-created_at": [4, 3, 2, 1, 0],
    "title": [1, 3, 4, 2, 0],
    "artist": [1, 3, 4, 0, 2],
    "album": [2, 3, 0, 4, 1],
}


@pytest.fixture
async def ids(ada: Person) -> list[str]:
    return [await named(ada, title=t, artist=a, album=b) for t, a, b in TRACKS]


async def listed(person: Person, **query: Any) -> httpx.Response:
    return await person.client.get(LIST, params=query)


def ids_in(answer: httpx.Response) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize("sort", ORDERS)
async def test_pages_follow_each_other_without_a_gap(
    ada: Person, ids: list[str], sort: str
) -> None:
    seen: list[str] = []
    pages, cursor = 0, {}
    while True:
        page = (await listed(ada, sort=sort, limit=2, **cursor)).raise_for_status()
        seen += ids_in(page)
        pages += 1
        if page.json()["next_cursor"] is None:
            break
        cursor = {"cursor": page.json()["next_cursor"]}

    assert [ids.index(one) for one in seen] == ORDERS[sort]
    assert pages == 3


async def test_the_last_page_has_no_link_and_all_others_have(ada: Person, ids: list[str]) -> None:
    first = await listed(ada, limit=3)
    following = re.fullmatch(r'<(\?limit=3&cursor=.+)>; rel="next"', first.headers["link"])
    assert following

    last = await ada.get(LIST.removeprefix("/api/v1") + following[1])

    assert ids_in(first) + ids_in(last) == ids[::-1]
    assert "link" not in last.headers


async def test_a_page_begins_after_its_cursor_whatever_was_added_since(
    ada: Person, ids: list[str]
) -> None:
    first = (await listed(ada, limit=2)).json()
    await named(ada, title="Newer")
    await ada.client.delete(f"{LIST}/{first['items'][1]['id']}")

    second = await listed(ada, limit=2, cursor=first["next_cursor"])

    assert ids_in(second) == [ids[2], ids[1]]


async def test_a_cursor_of_another_list_is_refused(ada: Person, ids: list[str]) -> None:
    cursor = (await listed(ada, limit=2, sort="title")).json()["next_cursor"]

    others = [{"sort": "artist"}, {"sort": "title", "q": "banana"}]
    answers = [await listed(ada, cursor=cursor, **other) for other in others]

    assert [answer.status_code for answer in answers] == [422, 422]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("banana", [4, 3]),
        ("BANANA alpha echo", [4]),
        ("apfel", [1]),
        ("ban", [4, 3]),
        ("banana zebra", []),
        ("!?", []),
        ("'; DROP TABLE tracks", []),
    ],
)
async def test_words_are_looked_for_in_all_names(
    ada: Person, ids: list[str], words: str, found: list[int]
) -> None:
    answer = await listed(ada, q=words)

    assert [ids.index(one) for one in ids_in(answer)] == found


async def test_nobody_lists_anothers(api: Api, ids: list[str]) -> None:
    grace = Person(api, "grace@example.org")
    await grace.sign_in()

    assert ids_in(await listed(grace)) == []
    assert ids_in(await listed(grace, q="banana")) == []


async def test_a_change_names_only_what_it_names(ada: Person, ids: list[str]) -> None:
    changed = await ada.client.patch(f"{LIST}/{ids[0]}", json={"year": 1999})
    emptied = await ada.client.patch(f"{LIST}/{ids[0]}", json={"year": None, "artist": ""})

    assert (changed.json()["year"], changed.json()["artist"]) == (1999, "beta")
    assert (emptied.json()["year"], emptied.json()["artist"]) == (None, "")
    assert emptied.json()["title"] == "The Zebra"


async def test_of_two_who_change_the_same_version_one_is_told(ada: Person, ids: list[str]) -> None:
    etag = (await ada.get(f"/tracks/{ids[0]}")).headers["etag"]

    answers = [
        await ada.client.patch(f"{LIST}/{ids[0]}", json={"title": t}, headers={"If-Match": etag})
        for t in ("Mine", "Yours")
    ]

    assert [answer.status_code for answer in answers] == [200, 412]
    assert (await ada.get(f"/tracks/{ids[0]}")).json()["title"] == "Mine"


async def test_what_is_not_ready_cannot_be_played_but_had(ada: Person, ids: list[str]) -> None:
    where = f"{LIST}/{ids[0]}"

    rendered = [await ada.client.get(f"{where}/{what}") for what in ("stream", "waveform")]
    original = await ada.client.get(f"{where}/stream", params={"quality": "original"})

    assert [answer.status_code for answer in rendered] == [409, 409]
    assert "still being prepared" in rendered[0].json()["detail"]
    assert original.json()["url"].endswith("/original")


@pytest.mark.parametrize("title", ["\u200b", "\u3164 \u2800"])
async def test_a_title_that_shows_nothing_is_refused(ada: Person, title: str) -> None:
    track_id = await named(ada, title="Song")

    answer = await ada.client.patch(f"{LIST}/{track_id}", json={"title": title})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "title"
    assert (await ada.get(f"/tracks/{track_id}")).json()["title"] == "Song"
