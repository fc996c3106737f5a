"""Every list pages in one way: `next_cursor`, and a `Link` that leads to the same."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from backline.accounts import api_tokens, app_passwords, members, sessions
from backline.accounts.users import setup_token
from backline.audio import playlist_members, playlists
from backline.audio.engine import kin
from backline.audio.folders import places
from backline.concerts.exports import asking
from backline.concerts.gazetteer import suggesting
from backline.concerts.history import lists
from backline.concerts.imports import asking as importing
from backline.live import destinations, presets
from backline.live import projects as live_projects
from backline.main import program
from backline.platform.http.paging import next_link
from backline.roles.api import api_description
from backline.tasks import (
    attachments,
    drafts,
    exports,
    invitations,
    projects,
    reminders,
    views,
)
from tests.support.api import PASSWORD, serving_api
from tests.support.operations import Operation, operations, request_of
from tests.support.things import Person, fill, ids_of

# Lists that are given whole, and how many there can be: whoever adds one more is refused, or the
# oldest goes. The tests of each show that.
WHOLE = {
    "GET /api/v1/users/me/sessions": sessions.MOST,
    "GET /api/v1/users/me/tokens": api_tokens.MOST,
    "GET /api/v1/users/me/app-passwords": app_passwords.MOST,
    "GET /api/v1/tracks/{track_id}/similar": kin.MOST,
    "GET /api/v1/music-folders": places.MOST_FOLDERS,
    "GET /api/v1/concerts/near": lists.MOST_NEAR,
    "GET /api/v1/concerts/exports": asking.MOST,
    "GET /api/v1/concerts/imports": importing.MOST,
    "GET /api/v1/tasks/exports": exports.MOST,
    "GET /api/v1/tasks/views": views.MOST,
    "GET /api/v1/tasks/{task_id}/subtasks": drafts.MOST_PARTS,
    "GET /api/v1/tasks/{task_id}/attachments": attachments.MOST,
    "GET /api/v1/tasks/{task_id}/reminders": reminders.MOST,
    "GET /api/v1/projects": projects.MOST + members.MOST_MEMBERSHIPS,
    "GET /api/v1/projects/{project_id}/members": members.MOST_MEMBERS,
    "GET /api/v1/projects/{project_id}/invitations": invitations.MOST,
    "GET /api/v1/playlists": playlists.MOST + members.MOST_MEMBERSHIPS,
    "GET /api/v1/playlists/{playlist_id}/members": members.MOST_MEMBERS,
    "GET /api/v1/playlists/{playlist_id}/invitations": playlist_members.MOST_INVITATIONS,
    "GET /api/v1/live/presets": len(presets.PRESETS),
    "GET /api/v1/live/projects": live_projects.MOST,
    "GET /api/v1/live/projects/{live_project_id}/destinations": destinations.MOST,
    "GET /api/v1/live/status": live_projects.MOST,
    "GET /api/v1/venues": suggesting.MOST,
    "GET /api/v1/cities": suggesting.MOST,
}
LONGEST_WHOLE = 400
# What lies behind the link of a share: its pages are shown by tests/audio/test_shares_web.py.
BY_LINK = {"POST /api/v1/shared/tracks"}
# These have nothing in them that `things` makes: what is in there is shown by their own tests.
OFTEN_EMPTY = {
    "GET /api/v1/tracks/{track_id}/similar",
    "GET /api/v1/venues",
    "GET /api/v1/cities",
    "GET /api/v1/tasks/{task_id}/subtasks",
    "GET /api/v1/playlists/public",
    "GET /api/v1/audio/blocked",
    "GET /api/v1/users/{user_id}/playlists",
    "GET /api/v1/playlists/{playlist_id}/invitations",
    "GET /api/v1/projects/{project_id}/invitations",
    "GET /api/v1/live/projects/{live_project_id}/destinations",
    "GET /api/v1/live/status",
    "GET /api/v1/live/projects/{live_project_id}/shows",
}


class Page(msgspec.Struct):
    """A page of anything."""

    items: list[int]
    next_cursor: str | None = None


def lists() -> dict[str, bool]:
    """The operations whose answer has `next_cursor`, by their labels; whether they take one."""
    description = api_description(program())
    schemas = description["components"]["schemas"]

    def answers(operation: dict[str, Any]) -> bool:
        content = operation["responses"].get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        named = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        return "next_cursor" in named.get("properties", {})

    return {
        f"{method.upper()} {path}": any(
            one["name"] == "cursor" for one in said.get("parameters", ())
        )
        for path, item in description["paths"].items()
        for method, said in item.items()
        if answers(said)
    }


async def ask(person: Person, operation: Operation) -> dict[str, Any]:
    return request_of(operation, await ids_of(operation, person), limit=1)


@pytest.mark.slow
async def test_each_list_links_to_its_next_page(dsn: str, tmp_path: Path) -> None:
    by_label = {operation.label: operation for operation in operations()}
    async with serving_api(dsn, tmp_path) as api:
        root = Person(api, "root@example.org")
        form = {"token": await setup_token(api.platform.database), "email": root.email}
        await root.post("/auth/setup", json={**form, "password": PASSWORD, "name": "Root"})
        await root.sign_in()
        await fill(root, 2)
        for _ in range(2):
            task = (await root.post("/tasks", json={"title": "A task"})).json()["id"]
            await root.client.delete(f"/api/v1/tasks/{task}")

        for label, takes_cursor in lists().items():
            if label in BY_LINK:
                continue
            asked = await ask(root, by_label[label])
            answer = await root.client.request(**asked)
            page = answer.json()
            assert answer.status_code == 200, label
            if label in OFTEN_EMPTY and not page["items"]:
                assert page["next_cursor"] is None, label
                continue
            assert len(page["items"]) >= 1, label
            if not takes_cursor:
                assert page["next_cursor"] is None, f"{label} takes no cursor"
                continue
            assert page["next_cursor"] is not None, label
            link = answer.links["next"]["url"]
            again = await root.client.get(str(answer.url.join(link)))
            by_hand = {**asked, "params": {**asked["params"], "cursor": page["next_cursor"]}}
            assert again.json() == (await root.client.request(**by_hand)).json(), label
            assert again.json()["items"][0] != page["items"][0], label

    assert sum(lists().values()) >= 7


def test_a_list_without_pages_is_a_short_one() -> None:
    assert {label for label, takes_cursor in lists().items() if not takes_cursor} == set(WHOLE)
    assert max(WHOLE.values()) <= LONGEST_WHOLE


@pytest.mark.parametrize(
    ("query", "link"),
    [
        (b"", b'<?cursor=x>; rel="next"'),
        (b"sort=title&cursor=old&limit=5", b'<?sort=title&limit=5&cursor=x>; rel="next"'),
        (b"q=a%20b&&cursor=old", b'<?q=a%20b&cursor=x>; rel="next"'),
        (b'q=>;"', b'<?q=%3E;%22&cursor=x>; rel="next"'),
    ],
)
def test_a_link_keeps_what_was_asked(query: bytes, link: bytes) -> None:
    assert next_link(Page([1], "x"), query) == link


def test_the_last_page_links_nowhere() -> None:
    assert next_link(Page([1]), b"") is None
    assert next_link([1], b"") is None
