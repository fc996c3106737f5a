"""How many statements each operation sends: as many for one row as for fifty, and as committed.

The table is `tests/statements.json`. Where another number is meant, write it anew with
`WRITE_STATEMENTS=1 scripts/test tests/test_statements.py`, and say why in the commit.
"""

import json
import os
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from backline.accounts.users import setup_token
from tests.support.api import PASSWORD, Api, serving_api
from tests.support.operations import Operation, operations, request_of
from tests.support.things import Person, fill, ids_of

TABLE = Path(__file__).with_name("statements.json")
MANY = 50
# Its answer has no end.
UNCOUNTED = {"GET /api/v1/events"}

pytestmark = pytest.mark.every


def statements() -> int:
    return int(REGISTRY.get_sample_value("backline_database_statements_total") or 0)


async def count(person: Person, operation: Operation, limit: int) -> tuple[int, int]:
    """The status of an answer, and the statements that it took."""
    ids = await ids_of(operation, person)
    asked = request_of(operation, ids, limit=limit)
    person.api.platform.costly._tags.empty()
    before = statements()
    answer = await person.client.request(**asked)
    return answer.status_code, statements() - before


@pytest.mark.slow
async def test_statements_do_not_grow_with_rows(dsn: str, tmp_path: Path) -> None:
    found: dict[str, int] = {}
    grown: dict[str, tuple[int, int]] = {}
    # Nothing counts but what is asked: no polls, and no cache that answers in their place.
    async with serving_api(dsn, tmp_path, quiet=True) as api:
        few, many = await _people(api)
        for operation in operations():
            if operation.label in UNCOUNTED:
                continue
            status, one = await count(few, operation, 1)
            other_status, fifty = await count(many, operation, MANY)
            assert status == other_status, operation.label
            assert status < 500, operation.label
            found[operation.label] = one
            if one != fifty:
                grown[operation.label] = (one, fifty)
            for person, rows in ((few, 1), (many, MANY)):
                await _renew(person, rows)

    assert grown == {}, f"statements for one row and for {MANY}"
    if "WRITE_STATEMENTS" in os.environ:
        TABLE.write_text(json.dumps(found, indent=2) + "\n")
    committed = json.loads(TABLE.read_text())
    differing = {
        label: (committed.get(label), found.get(label))
        for label in committed.keys() | found.keys()
        if committed.get(label) != found.get(label)
    }
    assert differing == {}, f"(committed, found); see {__name__}"


async def _people(api: Api) -> tuple[Person, Person]:
    """Two administrators, one with a single thing of each kind, one with fifty; and a third."""
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": "root@example.org", "password": PASSWORD, "name": "Root"}
    people = Person(api, "few@example.org"), Person(api, "many@example.org")
    await people[0].post("/auth/setup", json=form)
    for person, rows in zip(people, (1, MANY), strict=True):
        await _renew(person, rows)
    return people


async def _renew(person: Person, rows: int) -> None:
    """Bring somebody back whose account or session is gone, with as much as before."""
    if not await person.renew():
        return
    async with person.api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET role = 'admin' WHERE email = $1", person.email)
    await person.sign_in()
    await fill(person, rows)
    await person.get("/users/me")
