"""Lists: every filter, every sort, page by page, and search."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.things import Person

pytestmark = pytest.mark.slow

TASKS = [
    {"title": "Restring the bass", "labels": ["gear", "bass"], "priority": "high"},
    {"title": "Book the van", "due_at": "2026-05-03T09:00:00Z", "priority": "urgent"},
    {"title": "The setlist for Graz", "status": "doing", "due_at": "2026-05-01T09:00:00Z"},
    {"title": "Änderungen an der Website", "description": "Tour dates, *photos*"},
    {"title": "Pay the van", "status": "done", "labels": ["o'brien\\co"], "priority": "low"},
    {"title": "Old van papers", "status": "archived"},
]
TITLES = [task["title"] for task in TASKS]


@pytest.fixture
async def cleo(ada: Person, ben: Person) -> Person:
    """Somebody with six tasks, one of them archived, beside somebody else with the same."""
    for person in (ben, ada):
        operations = [{"op": "create", "task": task} for task in TASKS]
        await person.post("/tasks/batch", json={"operations": operations})
    return ada


async def titles(person: Person, query: str = "") -> list[str]:
    answer = await person.get(f"/tasks?{query}")
    return [item["title"] for item in answer.json()["items"]]


async def test_filters_compose(cleo: Person) -> None:
    newest_first = TITLES[4::-1]

    assert await titles(cleo) == newest_first
    assert await titles(cleo, "status=todo") == [TITLES[3], TITLES[1], TITLES[0]]
    assert await titles(cleo, "status=doing,done") == [TITLES[4], TITLES[2]]
    assert await titles(cleo, "status=done,archived") == [TITLES[5], TITLES[4]]
    assert await titles(cleo, "status=archived") == [TITLES[5]]
    assert await titles(cleo, "priority=high,urgent") == [TITLES[1], TITLES[0]]
    assert await titles(cleo, "priority=high,urgent&status=todo&label=gear") == [TITLES[0]]
    assert await titles(cleo, "due_before=2026-05-02T00:00:00Z") == [TITLES[2]]
    assert await titles(cleo, "due_after=2026-05-02T00:00:00%2B00:00") == [TITLES[1]]
    assert await titles(cleo, "label=gear,bass") == [TITLES[0]]
    assert await titles(cleo, "label=o'brien\\co") == [TITLES[4]]
    assert await titles(cleo, "label=gear,none") == []


async def test_what_is_due_is_told_by_the_clock_and_not_from_memory(ada: Person) -> None:
    now = datetime.now(UTC)
    for title, hours, status in (
        ("Late", -72, "todo"),
        ("Late and done", -72, "done"),
        ("Soon", 72, "todo"),
        ("Later", 24 * 9, "todo"),
    ):
        due_at = (now + timedelta(hours=hours)).isoformat()
        await ada.post("/tasks", json={"title": title, "status": status, "due_at": due_at})
    await ada.post("/tasks", json={"title": "Never"})
    ada.client.cookies.clear()  # whoever has just written passes the cache by

    assert await titles(ada, "due=overdue") == ["Late"]
    assert await titles(ada, "due=week&time_zone=Europe/Berlin") == ["Soon"]
    assert await titles(ada, "due=today") == []
    assert await titles(ada, "due=week&q=late") == []
    async with ada.api.platform.database.write() as tx:
        await tx.execute("UPDATE tasks SET due_at = now() - interval '1 s' WHERE title = 'Soon'")
    assert await titles(ada, "due=overdue&sort=due_at") == ["Late", "Soon"]


async def test_search_finds_beginnings_of_words_wherever_they_are(cleo: Person) -> None:
    assert await titles(cleo, "q=van") == [TITLES[5], TITLES[4], TITLES[1]]
    assert await titles(cleo, "q=VAN pay") == [TITLES[4]]
    assert await titles(cleo, "q=van&status=todo") == [TITLES[1]]
    assert await titles(cleo, "q=anderung") == [TITLES[3]]
    assert await titles(cleo, "q=photo") == [TITLES[3]]
    assert await titles(cleo, "q=gear") == [TITLES[0]]
    assert await titles(cleo, "q=!!!") == []
    assert await titles(cleo, "q=%27 %26 | :*") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("created_at", [0, 1, 2, 3, 4]),
        ("-created_at", [4, 3, 2, 1, 0]),
        ("due_at", [2, 1, 0, 3, 4]),
        ("-priority", [1, 0, 3, 2, 4]),
        ("title", [3, 1, 4, 0, 2]),
        ("position", [0, 1, 2, 3, 4]),
    ],
)
async def test_sorts_page_to_their_end(cleo: Person, sort: str, expected: list[int]) -> None:
    found: list[str] = []
    query = f"/tasks?sort={sort}&limit=2"
    while query:
        answer = await cleo.get(query)
        page = answer.json()
        found += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"]
        assert ("link" in answer.headers) == (cursor is not None)
        query = f"/tasks?sort={sort}&limit=2&cursor={cursor}" if cursor else ""

    assert found == [TITLES[place] for place in expected]


async def test_pages_over_the_archive_and_the_present_are_one_list(cleo: Person) -> None:
    both = await titles(cleo, "q=van&limit=100")

    first = (await cleo.get("/tasks?q=van&limit=2")).json()
    rest = (await cleo.get(f"/tasks?q=van&limit=2&cursor={first['next_cursor']}")).json()

    assert [item["title"] for item in first["items"] + rest["items"]] == both
    assert rest["next_cursor"] is None


async def test_bad_filters_are_explained(cleo: Person) -> None:
    cursor = (await cleo.get("/tasks?limit=1")).json()["next_cursor"]

    for query, field in {
        "status=open": "status",
        "priority=high,huge": "priority",
        "label=a b": "label",
        "due_before=2026-05-01T09:00:00": "due_before",
        "due_after=0.5": "due_after",
        "due_after=": "due_after",
        f"sort=title&limit=1&cursor={cursor}": "cursor",
    }.items():
        answer = await cleo.client.get(f"/api/v1/tasks?{query}")
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["field"] == field


async def test_tasks_move_where_they_are_put(cleo: Person) -> None:
    items = (await cleo.get("/tasks?sort=position")).json()["items"]
    first, second, third = (item["id"] for item in items[:3])

    moved = await cleo.post(f"/tasks/{third}/move", json={"after_id": None, "status": "done"})
    await cleo.post(f"/tasks/{first}/move", json={"after_id": second})
    last = items[-1]["id"]
    await cleo.post(f"/tasks/{second}/move", json={"after_id": last})
    gone = await cleo.client.post(f"/api/v1/tasks/{first}/move", json={"after_id": first})

    places = [item["id"] for item in (await cleo.get("/tasks?sort=position")).json()["items"]]
    assert moved.json()["status"] == "done"
    assert places[:2] == [third, first]
    assert places[-2:] == [last, second]
    assert gone.status_code == 404


async def test_tasks_of_the_same_moment_still_have_room_between_them(cleo: Person) -> None:
    async with cleo.api.platform.database.write() as tx:
        await tx.execute("UPDATE tasks SET position = 'V'")
    first, second, third = (
        item["id"] for item in (await cleo.get("/tasks?sort=position")).json()["items"][:3]
    )

    await cleo.post(f"/tasks/{third}/move", json={"after_id": first})

    places = [item["id"] for item in (await cleo.get("/tasks?sort=position")).json()["items"]]
    assert places[:3] == [first, third, second]


async def test_a_list_is_spaced_anew_when_a_gap_is_full(cleo: Person) -> None:
    items = (await cleo.get("/tasks?sort=position")).json()["items"]
    first, movers = items[0]["id"], [items[1]["id"], items[2]["id"]]
    keys: list[str] = []
    for number in range(420):
        moved = await cleo.post(f"/tasks/{movers[number % 2]}/move", json={"after_id": first})
        keys.append(moved.json()["position"])

    assert max(map(len, keys)) <= 64
    assert any(len(later) < len(sooner) for sooner, later in pairwise(keys))
