"""Destinations: added, changed, removed, brought back; and keys that nobody is told again."""

from typing import Any

import asyncpg
import pytest

from backline.live.presets import PRESETS
from tests.support.things import Person, live_project

pytestmark = pytest.mark.slow

SECRET = "live_1234567890_never-shown-again"  # noqa: S105  # of nobody
FORM = {"name": "Twitch", "url": "rtmp://live.twitch.tv/app", "stream_key": SECRET}


async def place(person: Person) -> str:
    return f"/live/projects/{await live_project(person)}/destinations"


async def add(person: Person, where: str, **more: Any) -> dict[str, Any]:
    return (await person.post(where, json={**FORM, **more})).json()


async def test_a_destination_is_added_changed_and_removed(ada: Person, ben: Person) -> None:
    where = await place(ada)
    made = await add(ada, where, preset="twitch")
    one = f"/api/v1{where}/{made['id']}"

    off = await ada.client.patch(one, json={"enabled": False})
    late = await ada.client.patch(one, json={"name": "No"}, headers={"If-Match": '"1.x"'})
    retried = await ada.client.post(f"{one}/retry")
    theirs = [
        await ben.client.get(f"/api/v1{where}"),
        await ben.client.post(f"/api/v1{where}", json=FORM),
        await ben.client.patch(one, json={"enabled": True}),
        await ben.client.delete(one),
        await ben.client.post(f"{one}/retry"),
    ]
    listed = (await ada.get(where)).json()["items"]
    (await ada.client.delete(one)).raise_for_status()
    empty = (await ada.get(where)).json()["items"]
    back = await ada.client.post(f"{one}/restore")

    assert (made["preset"], made["enabled"], off.json()["enabled"]) == ("twitch", True, False)
    assert (late.status_code, retried.status_code) == (412, 409)
    assert [answer.status_code for answer in theirs] == [404] * 5
    assert (listed, empty) == ([off.json()], [])
    assert back.json()["name"] == "Twitch"
    assert (await ada.get(where)).json()["items"] == [back.json()]


async def test_a_key_goes_in_and_never_comes_out(ada: Person, dsn: str) -> None:
    where = await place(ada)
    once = {"Idempotency-Key": "a-key-of-mine"}
    made = await ada.client.post(f"/api/v1{where}", json=FORM, headers=once)
    one = f"/api/v1{where}/{made.json()['id']}"
    changed = await ada.client.patch(one, json={"stream_key": SECRET + "2"}, headers=once)
    answers = [made, changed, await ada.get(where), await ada.client.post(f"{one}/retry")]
    (await ada.client.delete(one)).raise_for_status()
    answers.append(await ada.client.post(f"{one}/restore"))
    connection = await asyncpg.connect(dsn)
    tables = await connection.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE'"
    )
    rows = [
        str(dict(row))
        for table in tables
        for row in await connection.fetch(f'SELECT * FROM "{table[0]}"')  # noqa: S608
    ]
    await connection.close()

    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 200]
    assert [answer.text for answer in answers if SECRET in answer.text] == []
    assert [row for row in rows if SECRET in row] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://live.example.org/app",
        "rtmp://live.example.org",
        "rtmp://user:pass@live.example.org/app",
        "rtmp:///app",
        "rtmp://live.example.org:99999/app",
        "rtmp://live.example.org:0/app",
        "rtmp://live.example.org/app#end",
        "rtmp://[::1/app",
        "file:///etc/passwd",
    ],
)
async def test_what_is_no_address_is_refused(ada: Person, url: str) -> None:
    answer = await ada.client.post(f"/api/v1{await place(ada)}", json={**FORM, "url": url})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "url"


@pytest.mark.parametrize(
    "url",
    [
        "rtmps://a.rtmps.youtube.com:443/live2",
        "rtmps://b.rtmps.youtube.com:443/live2?backup=1",
        "rtmp://[2001:db8::1]:1935/live",
        "rtmp://192.0.2.1/a/b",
    ],
)
async def test_what_is_one_is_taken(ada: Person, url: str) -> None:
    assert (await add(ada, await place(ada), url=url))["url"] == url


async def test_twenty_destinations_are_enough(ada: Person) -> None:
    where = await place(ada)
    for number in range(20):
        await add(ada, where, name=f"Number {number}")

    answer = await ada.client.post(f"/api/v1{where}", json=FORM)

    assert answer.status_code == 409
    assert "20" in answer.json()["detail"]


async def test_every_preset_can_be_added(ada: Person) -> None:
    where = await place(ada)
    told = (await ada.get("/live/presets")).json()["items"]

    for preset in told:
        server = next((one["url"] for one in preset["servers"]), FORM["url"])
        await add(ada, where, preset=preset["id"], url=server)
    unknown = await ada.client.post(f"/api/v1{where}", json={**FORM, "preset": "periscope"})

    assert [preset["id"] for preset in told] == list(PRESETS)
    assert unknown.status_code == 422
