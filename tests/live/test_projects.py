"""Live projects and their stream keys."""

import re

import asyncpg

from tests.support.api import Api
from tests.support.things import Person

KEY = re.compile(r"([a-z2-9]{4}-){5}[a-z2-9]{4}")


async def make(person: Person, name: str = "Friday") -> dict[str, str]:
    return (await person.post("/live/projects", json={"name": name})).json()


async def test_a_project_comes_with_a_key_that_is_told_once_and_when_it_is_asked_for(
    ada: Person, ben: Person
) -> None:
    made = await make(ada)
    where = f"/live/projects/{made['id']}"

    listed = (await ada.get("/live/projects")).json()["items"]
    shown = (await ada.post(f"{where}/stream-key/show")).json()
    theirs = [
        await ben.client.get(f"/api/v1{where}"),
        await ben.client.post(f"/api/v1{where}/stream-key/show"),
        await ben.client.post(f"/api/v1{where}/stream-key"),
        await ben.client.delete(f"/api/v1{where}"),
    ]
    seen = (await ada.get("/users/me/audit")).json()["items"]

    assert KEY.fullmatch(made["stream_key"])
    assert listed == [(await ada.get(where)).json()]
    assert "stream_key" not in listed[0]
    assert shown == {"stream_key": made["stream_key"]}
    assert [answer.status_code for answer in theirs] == [404] * 4
    assert seen[0]["action"] == "live.key-show"
    assert made["stream_key"] not in str(seen)


async def test_a_key_is_kept_neither_in_the_clear_nor_as_a_hash_of_it_alone(
    ada: Person, dsn: str
) -> None:
    made = await make(ada)
    connection = await asyncpg.connect(dsn)

    row = await connection.fetchrow("SELECT * FROM live_projects")
    kept = await connection.fetchval(
        "SELECT count(*) FROM idempotency_keys WHERE strpos(encode(body, 'escape'), $1) > 0",
        made["stream_key"],
    )
    await connection.close()

    assert row is not None
    assert made["stream_key"] not in str(dict(row))
    assert made["stream_key"].encode() not in bytes(row["stream_key"])
    assert kept == 0


async def test_a_renewed_key_is_another(ada: Person) -> None:
    made = await make(ada)
    where = f"/live/projects/{made['id']}/stream-key"

    renewed = (await ada.post(where)).json()["stream_key"]

    assert KEY.fullmatch(renewed)
    assert renewed != made["stream_key"]
    assert (await ada.post(f"{where}/show")).json() == {"stream_key": renewed}
    assert (await ada.get("/users/me/audit")).json()["items"][1]["action"] == "live.key-renew"


async def test_a_token_is_not_shown_a_key(api: Api, ada: Person) -> None:
    made = await make(ada)
    form = {"name": "Robot", "scopes": ["live:read", "live:write"]}
    token = (await ada.post("/users/me/tokens", json=form)).json()["token"]
    robot = api.client(token)

    shown = await robot.post(f"/api/v1/live/projects/{made['id']}/stream-key/show")
    renewed = await robot.post(f"/api/v1/live/projects/{made['id']}/stream-key")

    assert (shown.status_code, renewed.status_code) == (403, 200)


async def test_a_project_is_changed_deleted_and_brought_back(ada: Person) -> None:
    made = await make(ada)
    where = f"/api/v1/live/projects/{made['id']}"

    changed = await ada.client.patch(where, json={"name": "Saturday", "hold_s": 120})
    late = await ada.client.patch(where, json={"name": "No"}, headers={"If-Match": '"1.x"'})
    long = await ada.client.patch(where, json={"hold_s": 601})
    (await ada.client.delete(where)).raise_for_status()
    gone = await ada.client.get(where)
    back = await ada.client.post(f"{where}/restore")
    again = await ada.client.post(f"{where}/restore")

    assert (changed.json()["name"], changed.json()["hold_s"]) == ("Saturday", 120)
    assert (late.status_code, long.status_code, gone.status_code) == (412, 422, 404)
    assert back.json()["name"] == "Saturday"
    assert again.status_code == 409
    key = await ada.post(f"/live/projects/{made['id']}/stream-key/show")
    assert key.json()["stream_key"] == made["stream_key"]


async def test_fifty_projects_are_enough(ada: Person) -> None:
    for number in range(50):
        await make(ada, f"Project {number}")

    answer = await ada.client.post("/api/v1/live/projects", json={"name": "More"})

    assert answer.status_code == 409
    assert "50" in answer.json()["detail"]


async def test_nothing_is_on_and_so_nothing_can_be_stopped(ada: Person) -> None:
    made = await make(ada)
    where = f"/live/projects/{made['id']}"

    status = (await ada.get(f"{where}/status")).json()
    every = (await ada.get("/live/status")).json()["items"]
    stopped = await ada.client.post(f"/api/v1{where}/stop")

    assert (status["state"], status["relays"], status["incoming"]) == ("off", [], None)
    assert every == [status]
    assert stopped.status_code == 409
    assert (await ada.get(f"{where}/shows")).json() == {"items": [], "next_cursor": None}


async def test_where_encoders_connect_is_told_with_what_is_in_their_way(ada: Person) -> None:
    told = (await ada.get("/live/ingest")).json()

    assert told["rtmp"] == "rtmp://127.0.0.1/live"
    assert told["rtmps"] is None
    assert "`backline live` doesn't run" in told["fault"]
