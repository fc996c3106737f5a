"""What people choose is kept to; and the links in letters end them without signing in."""

import base64
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from backline.notifications import notify
from backline.notifications.mailing import Mailing
from backline.notifications.unsubscribing import DIGEST, Unsubscribing
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.notifications.kinds import LOUD, QUIET, notice
from tests.notifications.mailing import SECRETS
from tests.platform.jobs.working import value
from tests.support.api import Api
from tests.support.things import Person

pytestmark = pytest.mark.slow

SETTINGS = "/api/v1/notifications/settings"
LINK = "/api/v1/notifications/unsubscribe"


@pytest.fixture
def links(api: Api) -> Unsubscribing:
    """As the server makes them."""
    made: Mailing = api.web.parts["notifications"]
    return made.links


async def of(person: Person, kind: str) -> tuple[bool, bool]:
    """How somebody is told of a kind: on the page, by mail."""
    kinds = (await person.get("/notifications/settings")).json()["kinds"]
    [found] = [one for one in kinds if one["kind"] == kind]
    return found["page"], found["mail"]


async def test_who_has_not_chosen_is_told_as_the_kinds_say(ada: Person) -> None:
    said = (await ada.get("/notifications/settings")).json()

    assert (await of(ada, QUIET.name), await of(ada, LOUD.name)) == ((True, False), (True, True))
    assert (said["digest"], said["digest_hour"], said["time_zone"]) == (False, 8, "UTC")
    assert said["letters"] == "no-server"


async def test_what_is_chosen_is_kept_to(database: Database, ada: Person, ben: Person) -> None:
    patch = {"kinds": {QUIET.name: {"page": False}, LOUD.name: {"mail": False}}}
    (await ada.client.patch(SETTINGS, json=patch)).raise_for_status()

    async with database.write() as tx:
        both = [notice(ada.id, kind.name, kind=kind) for kind in (QUIET, LOUD)]
        made = await notify(tx, *both, notice(ben.id))

    shown = (await ada.get("/notifications")).json()["items"]
    assert made == 2
    assert [one["kind"] for one in shown] == [LOUD.name]
    assert await value(database, "SELECT count(*) FROM jobs WHERE kind = 'notifications.mail'") == 0


async def test_a_kind_by_mail_alone_is_not_on_the_page(database: Database, ada: Person) -> None:
    await ada.client.patch(SETTINGS, json={"kinds": {LOUD.name: {"page": False}}})

    async with database.write() as tx:
        await notify(tx, notice(ada.id, kind=LOUD))

    assert (await ada.get("/notifications")).json()["items"] == []
    assert (await ada.get("/notifications/unread")).json() == {"unread": 0}
    assert await value(database, "SELECT count(*) FROM jobs WHERE kind = 'notifications.mail'") == 1


async def test_null_leaves_a_kind_to_itself_again(ada: Person) -> None:
    await ada.client.patch(SETTINGS, json={"kinds": {LOUD.name: {"mail": False, "page": False}}})

    answer = await ada.client.patch(SETTINGS, json={"kinds": {LOUD.name: {"mail": None}}})

    assert answer.status_code == 200
    assert await of(ada, LOUD.name) == (False, True)


async def test_a_digest_is_due_at_the_chosen_hour_of_the_chosen_zone(
    database: Database, ada: Person
) -> None:
    patch = {"digest": True, "digest_hour": 7, "time_zone": "Asia/Kathmandu"}
    said = (await ada.client.patch(SETTINGS, json=patch)).json()

    due: datetime = await value(database, "SELECT next_digest_at FROM notice_settings")
    local = due.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert {name: said[name] for name in patch} == patch
    assert (local.hour, local.minute) == (7, 0)
    assert due > datetime.now(UTC)

    await ada.client.patch(SETTINGS, json={"digest": False})
    assert await value(database, "SELECT next_digest_at FROM notice_settings") is None


@pytest.mark.parametrize(
    "patch",
    [
        {"kinds": {"choir.unknown": {"mail": True}}},
        {"time_zone": "Mars/Olympus"},
        {"digest_hour": 24},
        {"kinds": {LOUD.name: {"post": True}}},
    ],
)
async def test_what_is_not_there_cannot_be_chosen(ada: Person, patch: dict[str, object]) -> None:
    answer = await ada.client.patch(SETTINGS, json=patch)

    assert answer.status_code == 422


async def test_one_click_ends_letters_of_a_kind_without_signing_in(
    api: Api, ada: Person, ben: Person, links: Unsubscribing
) -> None:
    token = links.token(UUID(ada.id), LOUD.name)
    async with api.client() as nobody:
        # As a mail program sends it (RFC 8058 §3.2), with an origin of its own and no cookies.
        answers = [
            await nobody.post(
                f"{LINK}?token={token}",
                data={"List-Unsubscribe": "One-Click"},
                headers={"Origin": "https://mail.example.com"},
            )
            for _ in range(3)
        ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].json() == {"words": LOUD.words, "active": False}
    assert await of(ada, LOUD.name) == (True, False)
    assert await of(ben, LOUD.name) == (True, True)


async def test_following_the_link_changes_nothing_and_leads_to_the_page_that_asks(
    api: Api, ada: Person, links: Unsubscribing
) -> None:
    token = links.token(UUID(ada.id), LOUD.name)
    async with api.client() as nobody:
        followed = await nobody.get(f"{LINK}?token={token}")
        asked = await nobody.get(f"{LINK}/letters?token={token}")

    assert followed.status_code == 303
    assert followed.headers["location"] == links.page(token)
    assert asked.json() == {"words": LOUD.words, "active": True}
    assert await of(ada, LOUD.name) == (True, True)


async def test_a_link_of_a_digest_ends_digests_and_any_link_can_end_everything(
    api: Api, ada: Person, links: Unsubscribing
) -> None:
    await ada.client.patch(SETTINGS, json={"digest": True})
    async with api.client() as nobody:
        await nobody.post(f"{LINK}?token={links.token(UUID(ada.id), DIGEST)}")
    after = (await ada.get("/notifications/settings")).json()["digest"]
    await ada.client.patch(SETTINGS, json={"digest": True})
    kept = await of(ada, LOUD.name)

    async with api.client() as nobody:
        token = links.token(UUID(ada.id), QUIET.name)
        (await nobody.post(f"{LINK}?token={token}&everything=true")).raise_for_status()

    said = (await ada.get("/notifications/settings")).json()
    assert (after, kept) == (False, (True, True))
    assert said["digest"] is False
    assert not any(one["mail"] for one in said["kinds"])


async def test_a_link_that_is_not_ours_ends_nothing(
    api: Api, database: Database, ada: Person, links: Unsubscribing
) -> None:
    token = links.token(UUID(ada.id), LOUD.name)
    said, key, mac = token.split(".")
    other = base64.urlsafe_b64encode(UUID(ada.id).bytes + b"digest").rstrip(b"=").decode()
    forged = [
        "",
        "x",
        token[:-1],
        f"{said}.{key}.{mac[::-1]}",
        f"{other}.{key}.{mac}",
        f"{said}.zz.{mac}",
        Unsubscribing(SECRETS, "").token(UUID(ada.id), LOUD.name),
        token + "\n",
    ]
    async with api.client() as nobody:
        for one in forged:
            for method, path in (("POST", LINK), ("GET", LINK), ("GET", f"{LINK}/letters")):
                answer = await nobody.request(method, path, params={"token": one})
                assert answer.status_code == 404, (method, path, one)

    assert await of(ada, LOUD.name) == (True, True)
    assert await value(database, "SELECT count(*) FROM notice_settings") == 0


async def test_a_link_of_somebody_who_is_gone_leaves_no_trace(
    api: Api, database: Database, links: Unsubscribing
) -> None:
    async with api.client() as nobody:
        answer = await nobody.post(f"{LINK}?token={links.token(uuid7(), LOUD.name)}")

    assert answer.status_code == 200
    assert await value(database, "SELECT count(*) FROM notice_settings") == 0
