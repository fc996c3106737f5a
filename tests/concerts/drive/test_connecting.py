"""Connecting a Drive: to Google's page and back, what is refused, and how it ends."""

import logging
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.server import StandIn
from backline.concerts.drive import keys, resealing
from backline.platform.jobs import GiveUp
from backline.platform.secrets import Key, Secrets
from backline.platform.secrets.sealing import seal_for
from tests.concerts.conftest import scanned, worker
from tests.concerts.drive.conftest import agreed, begin_scan, connect, file, scan_drive
from tests.platform.jobs.working import eventually, value
from tests.support.api import Api, serving_api
from tests.support.things import Person

pytestmark = pytest.mark.slow
SEALED = "SELECT token FROM drive_connections"


async def test_without_a_client_nothing_is_offered(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, quiet=True, BACKLINE_GOOGLE_CLIENT_ID="x") as api:
        ada = Person(api, "ada@example.org")
        await ada.sign_in()
        state = (await ada.get("/photos/drive")).json()
        refused = await ada.client.post("/api/v1/photos/drive/consent")

    assert state["state"] == "not-set-up"
    assert state["missing"] == ["BACKLINE_GOOGLE_CLIENT_SECRET"]
    assert state["redirect_uri"].endswith("/photos/drive")
    assert refused.status_code == 409
    assert "BACKLINE_GOOGLE_CLIENT_ID" in refused.json()["detail"]


async def test_to_google_and_back(
    api: Api, ada: Person, service: Drive, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = (await ada.get("/photos/drive")).json()
    url = (await ada.post("/photos/drive/consent")).json()["url"]
    asked = parse_qs(urlsplit(url).query)
    back = await agreed(url)
    form = {"code": back["code"], "state": back["state"]}
    made = (await ada.post("/photos/drive/connection", json=form)).json()
    again = await ada.client.post("/api/v1/photos/drive/connection", json=form)
    sealed = await value(api.platform.database, SEALED)

    assert before["state"] == "not-connected"
    assert asked["access_type"] == ["offline"]
    assert asked["code_challenge_method"] == ["S256"]
    assert (made["state"], made["account"]) == ("connected", "ada@example.com")
    assert made["name"] == "Ada Lovelace"
    assert not made["may_read"]
    assert again.status_code == 422
    [refresh] = service.account._refresh
    assert refresh.encode() not in sealed
    assert refresh not in caplog.text
    assert "demo" not in made


async def test_an_answer_counts_in_the_session_that_asked(api: Api, ada: Person) -> None:
    url = (await ada.post("/photos/drive/consent")).json()["url"]
    back = await agreed(url)
    form = {"code": back["code"], "state": back["state"]}
    grace = Person(api, "grace@example.org")
    await grace.sign_in()
    elsewhere = Person(api, ada.email)
    await elsewhere.sign_in()

    for person in (grace, elsewhere):
        answer = await person.client.post("/api/v1/photos/drive/connection", json=form)
        assert answer.status_code == 422, answer.text
    forged = await ada.client.post(
        "/api/v1/photos/drive/connection", json=form | {"state": "forged"}
    )
    assert forged.status_code == 422
    await ada.post("/photos/drive/connection", json=form)


async def test_without_the_permission_there_is_no_connection(
    ada: Person, service: Drive, stand_in: StandIn
) -> None:
    service.account.consents = frozenset({"https://www.googleapis.com/auth/drive.file"})
    url = (await ada.post("/photos/drive/consent")).json()["url"]
    refused = await agreed(url)
    garbled = await agreed((await ada.post("/photos/drive/consent")).json()["url"])
    service.account.consents = frozenset()

    assert refused["error"] == garbled["error"] == "access_denied"
    service.account.consents = frozenset(
        {"https://www.googleapis.com/auth/drive.metadata.readonly"}
    )
    back = await agreed((await ada.post("/photos/drive/consent")).json()["url"])
    stand_in.spoil("garbage")
    form = {"code": back["code"], "state": back["state"]}
    away = await ada.client.post("/api/v1/photos/drive/connection", json=form)
    assert away.status_code == 503
    assert (await ada.get("/photos/drive")).json()["state"] == "not-connected"


async def test_a_grant_that_ended_wants_a_new_connection(
    api: Api, ada: Person, service: Drive
) -> None:
    await connect(ada)
    service.library.put(file("one"))
    async with worker(api):
        await scan_drive(ada)
        service.account.revoke()
        seen = await scan_drive(ada)
        state = (await ada.get("/photos/drive")).json()
        refused = await ada.client.post("/api/v1/scans", json={"source": {"kind": "drive"}})
        again = await connect(ada)
        await ada.post(f"/scans/{seen['id']}/resume")
        gone_on = await scanned(ada, seen["id"])

    assert (seen["state"], state["state"]) == ("failed", "reconnect")
    assert seen["error"] == state["fault"]
    assert "Connect it anew" in state["fault"]
    assert refused.status_code == 409
    assert (again["state"], again["fault"]) == ("connected", None)
    assert gone_on["state"] == "done"


async def test_disconnecting_gives_the_grant_back(api: Api, ada: Person, service: Drive) -> None:
    service.library.put(file("one"))
    await connect(ada)
    [refresh] = service.account._refresh
    async with worker(api):
        await scan_drive(ada)
        waiting = await begin_scan(ada)
        await ada.post(f"/scans/{waiting}/pause")
        (await ada.client.delete("/api/v1/photos/drive")).raise_for_status()
        await ada.post(f"/scans/{waiting}/resume")
        ended = await scanned(ada, waiting)

        async def is_revoked() -> bool:
            return service.account.revoked == [refresh]

        await eventually(is_revoked)

    assert (await ada.get("/photos/drive")).json()["state"] == "not-connected"
    assert await value(api.platform.database, SEALED) is None
    assert ended["state"] == "failed"
    assert "isn't connected any more" in ended["error"]
    assert len((await ada.get("/photos")).json()["items"]) == 1
    assert (await ada.client.delete("/api/v1/photos/drive")).status_code == 404


async def test_a_new_root_seals_tokens_anew(api: Api, ada: Person) -> None:
    await connect(ada)
    owner, database = (await _owner(api)), api.platform.database
    old = keys.drive_seal(api.platform.secrets)
    plain = keys.open_token(old, owner, await value(database, SEALED))
    roots = (Key("new1", b"n" * 32), *api.platform.secrets._roots)
    await resealing.reseal(database, keys.drive_seal(Secrets(roots)))
    alone = keys.drive_seal(Secrets(roots[:1]))

    assert keys.open_token(alone, owner, await value(database, SEALED)) == plain
    with pytest.raises(GiveUp, match="1 connections"):
        await resealing.reseal(database, seal_for(Secrets((Key("x", b"x" * 32),)), "other"))


async def _owner(api: Api):  # noqa: ANN202  # as rows give it
    return await value(api.platform.database, "SELECT owner_id FROM drive_connections")
