"""One mailbox, one account; one password, however it was typed; and nobody from before is lost."""

import unicodedata

import asyncpg
import httpx
import pytest

from backline.accounts.mailboxes import keys_of, pick
from backline.accounts.passwords import _hasher
from backline.accounts.rekeying import rekey
from backline.platform.ids import uuid7
from backline.platform.mail.addresses import address_key
from backline.platform.mail.envelope import recipient
from tests.support.api import PASSWORD, Api

pytestmark = pytest.mark.slow

LOGIN = "/api/v1/auth/login"
SAME = [
    ("victim@example.org", "victim@\uff45xample.org"),
    ("victim@example.org", "victim@example。org"),
    ("victim@example.org", "victim@example\uff0eorg"),
    ("victim@example.org", "VICTIM@Example.ORG"),
    ("victim@example.org", "victim@exam\u00adple.org"),
    ("a@bücher.example", "a@xn--bcher-kva.example"),
    ("a@bücher.example", "a@BU\u0308CHER.example"),
    ("josé@example.org", "JOSE\u0301@example.org"),
]
APART = [
    ("strauß@example.org", "strauss@example.org"),
    ("a@straße.example", "a@strasse.example"),
    ("\uff41@example.org", "a@example.org"),
    ("a.b@example.org", "ab@example.org"),
    ("a+b@example.org", "a@example.org"),
    ("\u0131an@example.org", "ian@example.org"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_mailbox_has_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)
    assert recipient(one).domain == recipient(other).domain.lower()


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_mail_keeps_apart_has_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)
    assert str(recipient(one)) != str(recipient(other))


@pytest.mark.parametrize("email", sorted({one for pair in (*SAME, *APART) for one in pair}))
def test_a_key_is_its_own_key(email: str) -> None:
    assert address_key(address_key(email)) == address_key(email)


async def test_another_spelling_of_an_address_is_no_further_account(api: Api, dsn: str) -> None:
    await api.register("victim@example.org")
    for spelling in ("victim@\uff45xample.org", "victim@example。org"):
        form = {"email": spelling, "password": "another password", "name": "Eve"}
        async with api.client() as client:
            await client.post("/api/v1/auth/register", json=form)

    assert await fetch(dsn, "SELECT count(*) FROM users") == 1
    assert await status(api, "victim@\uff45xample.org", PASSWORD) == 200
    assert await status(api, "victim@\uff45xample.org", "another password") == 401


async def test_two_people_whose_names_only_look_alike_have_two_accounts(api: Api) -> None:
    await api.register("strauß@example.org", "One")
    await api.register("strauss@example.org", "Other")

    names = [await name(api, f"{one}@example.org") for one in ("strauß", "strauss")]

    assert names == ["One", "Other"]


async def test_failures_count_for_the_mailbox(api: Api) -> None:
    await api.register("victim@example.org")
    spellings = ["victim@\uff45xample.org", "victim@example。org", "VICTIM@example.org"] * 2

    statuses = [await status(api, one, "wrong") for one in spellings]

    assert statuses == [401] * 5 + [429]


# Accounts of before


async def test_an_account_of_before_signs_in_before_and_after_its_new_key(
    api: Api, dsn: str
) -> None:
    emails = ["Carl@\uff45xample.org", "strauß@example.org", "a@bücher.example", "ada@example.org"]
    for email in emails:
        await insert(dsn, email)

    before = [await status(api, email, PASSWORD) for email in emails]
    async with api.platform.database.write() as tx:
        await rekey(tx)
    after = [await status(api, email, PASSWORD) for email in emails]
    plain = await status(api, "carl@example.org", PASSWORD)

    assert before == after == [200] * 4
    assert plain == 200
    keys = set(await fetch(dsn, "SELECT array_agg(email_key) FROM users"))
    assert keys == {address_key(email) for email in emails}


async def test_a_key_that_was_anothers_is_free_again(api: Api, dsn: str) -> None:
    await insert(dsn, "strauß@example.org")
    async with api.platform.database.write() as tx:
        await rekey(tx)

    await api.register("strauss@example.org", "Other")

    assert await name(api, "strauß@example.org") == "Somebody"
    assert await name(api, "strauss@example.org") == "Other"


async def test_nobody_comes_into_the_account_of_a_name_alike(api: Api, dsn: str) -> None:
    await insert(dsn, "strauß@example.org")

    assert await status(api, "strauss@example.org", PASSWORD) == 401


async def test_two_accounts_with_one_mailbox_are_both_kept(api: Api, dsn: str) -> None:
    await insert(dsn, "victim@example.org", "that of the victim")
    await insert(dsn, "victim@\uff45xample.org", "that of the other")
    async with api.platform.database.write() as tx:
        await rekey(tx)

    assert await status(api, "victim@example.org", "that of the victim") == 200
    assert await status(api, "victim@\uff45xample.org", "that of the other") == 200
    assert await status(api, "victim@example。org", "that of the victim") == 200


def test_an_address_of_nobody_means_nobody() -> None:
    assert pick([], "ada@example.org") is None
    assert len(keys_of("ada@example.org")) == 1


# Passwords


@pytest.mark.parametrize("made", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
async def test_a_password_is_one_however_it_was_typed(api: Api, made: str, typed: str) -> None:
    forms = {
        form: unicodedata.normalize(form, "Zürich\u00a0im Frühjahr") for form in ("NFC", "NFD")
    }
    form = {"email": "ada@example.org", "password": forms[made], "name": "Ada"}
    async with api.client() as client:
        await client.post("/api/v1/auth/register", json=form)

    assert await status(api, "ada@example.org", forms[typed]) == 200


async def test_a_hash_of_before_goes_on_and_becomes_one_of_the_normal_form(
    api: Api, dsn: str
) -> None:
    composed = "Frühjahr in Zürich"
    typed = unicodedata.normalize("NFD", composed)
    await insert(dsn, "ada@example.org", password=typed)

    wrong = await status(api, "ada@example.org", typed + "!")
    first = await status(api, "ada@example.org", typed)
    then = [await status(api, "ada@example.org", one) for one in (composed, typed)]

    assert (wrong, first, then) == (401, 200, [200, 200])


async def insert(dsn: str, email: str, password: str = PASSWORD) -> None:
    """An account as it was made before: its key only folded, its password's hash as typed."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO users (id, email, email_key, name, password_hash) "
        "VALUES ($1, $2, $3, 'Somebody', $4)",
        uuid7(),
        email,
        email.strip().casefold(),
        _hasher.hash(password),
    )
    await connection.close()


async def fetch(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def sign_in(api: Api, email: str, password: str) -> httpx.Response:
    form = {"email": email, "password": password, "transport": "body"}
    async with api.client() as client:
        return await client.post(LOGIN, json=form)


async def status(api: Api, email: str, password: str) -> int:
    return (await sign_in(api, email, password)).status_code


async def name(api: Api, email: str) -> str:
    token = (await sign_in(api, email, PASSWORD)).json()["access_token"]
    async with api.client(token) as client:
        return str((await client.get("/api/v1/users/me")).json()["name"])
