"""Invitations: by mail once, by a link several times, and never twice, late or by guessing."""

import asyncio
from typing import Any

import httpx

from backline.platform.limits import assemble
from backline.tasks.wiring import DOMAIN
from tests.support.letters import token_in
from tests.support.things import Person
from tests.tasks.sharing import project, share

LINK = {"rank": "editor"}
WRITTEN = """
SELECT text FROM outbox WHERE recipient = $1 AND kind = 'project-invitation' ORDER BY id
"""


async def letters(owner: Person, to: str) -> list[str]:
    """The invitations that were written to an address."""
    async with owner.api.platform.database.read() as read:
        return await read.fetch_values(WRITTEN, to)


async def invite(owner: Person, project_id: str, **said: Any) -> dict[str, Any]:
    """An invitation to somebody's project."""
    form = {"rank": "editor", **said}
    return dict((await owner.post(f"/projects/{project_id}/invitations", json=form)).json())


async def accept(person: Person, token: str) -> httpx.Response:
    return await person.client.post("/api/v1/invitations/accept", json={"token": token})


async def look(person: Person, token: str) -> httpx.Response:
    return await person.client.post("/api/v1/invitations/look", json={"token": token})


async def people(owner: Person, number: int) -> list[Person]:
    made = [Person(owner.api, f"guest{one}@example.org") for one in range(number)]
    for one in made:
        await one.sign_in()
    return made


async def test_a_letter_lets_one_person_in_who_may_register_first(ada: Person) -> None:
    tour = await project(ada, "Tour: see http://evil.example")
    made = await invite(ada, tour, email="Cleo@example.org", rank="commenter", max_uses=5)
    [letter] = await letters(ada, "Cleo@example.org")
    token = token_in(letter)
    cleo, dora = Person(ada.api, "cleo@example.org"), Person(ada.api, "dora@example.org")
    await cleo.sign_in()
    await dora.sign_in()

    offer = (await look(cleo, token)).json()
    joined = (await accept(cleo, token)).json()
    late = await accept(dora, token)

    assert (made["url"], made["max_uses"], made["email"]) == (None, 1, "Cleo@example.org")
    assert "evil" in letter
    assert "evil.example" not in letter
    assert (offer["project_name"], offer["rank"], offer["is_member"]) == (
        "Tour: see http://evil.example",
        "commenter",
        False,
    )
    assert (joined["id"], joined["rank"], joined["owner_name"]) == (tour, "commenter", "Somebody")
    assert late.status_code == 404
    assert (await ada.get(f"/projects/{tour}/invitations")).json()["items"] == []
    told = (await ada.get("/notifications")).json()["items"]
    assert [one["kind"] for one in told] == ["tasks.joined"]


async def test_inviting_tells_nobody_who_has_an_account(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    known = await invite(ada, tour, email=ben.email)
    unknown = await invite(ada, tour, email="nobody@example.org")
    twice = await ada.client.post(
        f"/api/v1/projects/{tour}/invitations", json={**LINK, "email": ben.email.upper()}
    )

    shown = {"id", "email", "created_at", "expires_at"}
    assert {k: v for k, v in known.items() if k not in shown} == {
        k: v for k, v in unknown.items() if k not in shown
    }
    assert twice.status_code == 409
    assert len(await letters(ada, ben.email)) == 1


async def test_no_address_is_written_to_without_end(ada: Person) -> None:
    for number in range(7):
        tour = await project(ada, f"Tour {number}")
        await invite(ada, tour, email="cleo@example.org")

    sent = await letters(ada, "cleo@example.org")

    assert len(sent) == 5


async def test_a_link_lets_in_as_many_as_it_says_however_many_come_at_once(ada: Person) -> None:
    tour = await project(ada)
    made = await invite(ada, tour, max_uses=3)
    token = token_in(made["url"])
    guests = await people(ada, 6)

    answers = await asyncio.gather(*(accept(one, token) for one in guests for _ in range(2)))

    inside = (await ada.get(f"/projects/{tour}/members")).json()["items"]
    assert len(inside) == 1 + 3
    assert {answer.status_code for answer in answers} == {200, 404}
    assert {one["rank"] for one in inside} == {"owner", "editor"}


async def test_who_is_in_already_stays_as_they_were_and_uses_nothing_up(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "viewer")
    made = await invite(ada, tour, max_uses=1)
    token = token_in(made["url"])

    again, own = await accept(ben, token), await accept(ada, token)

    assert (again.json()["rank"], own.json()["rank"]) == ("viewer", "owner")
    assert (await look(ben, token)).json()["is_member"]
    assert (await ada.get(f"/projects/{tour}/invitations")).json()["items"][0]["uses"] == 0


async def test_revoked_expired_and_guessed_tokens_are_one_answer(ada: Person, ben: Person) -> None:
    tour, gone = await project(ada), await project(ada, "Gone")
    revoked, expired, deleted = [await invite(ada, one) for one in (tour, tour, gone)]
    where = f"/api/v1/projects/{tour}/invitations/{revoked['id']}"
    theirs = await ben.client.delete(where)
    (await ada.client.delete(where)).raise_for_status()
    async with ada.api.platform.database.write() as tx:
        await tx.execute(
            "UPDATE project_invitations SET expires_at = now() - interval '1 s' WHERE id = $1",
            expired["id"],
        )
    await ada.client.delete(f"/api/v1/projects/{gone}")

    tokens = [token_in(one["url"]) for one in (revoked, expired, deleted)]
    answers = [await accept(ben, one) for one in (*tokens, "x" * 43)]
    looks = [await look(ben, one) for one in (*tokens, "x" * 43)]

    assert theirs.status_code == 404
    assert {answer.status_code for answer in (*answers, *looks)} == {404}
    assert len({answer.json()["detail"] for answer in (*answers, *looks)}) == 1
    async with ada.api.platform.database.read() as read:
        kept = await read.fetch_values("SELECT token_sha256 FROM project_invitations")
    assert all(token.encode() not in digest for digest in kept for token in tokens)


async def test_a_project_takes_fifty_invitations(ada: Person) -> None:
    tour = await project(ada)
    for _ in range(50):
        await invite(ada, tour)

    more = await ada.client.post(f"/api/v1/projects/{tour}/invitations", json=LINK)

    assert more.status_code == 409
    assert "Revoke some" in more.json()["detail"]


def test_inviting_is_counted_since_it_writes_letters() -> None:
    rules = assemble(DOMAIN.limits, api_per_minute=100, anonymous_per_15_minutes=100)
    path = "/api/v1/projects/0190a000-0000-7000-8000-000000000000/invitations"

    counted = [policy.name for policy in rules.of("POST", path, is_known=True)]

    assert counted == ["invite", "api"]
