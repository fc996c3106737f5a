"""Attachments: on the owner's room, downloaded as they were sent, gone with their task."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from backline.tasks import files, trash
from tests.support.things import Person
from tests.tasks.sharing import add, project, share

PAGE = b"<script>alert(1)</script>"
TUS = {"Tus-Resumable": "1.0.0"}


async def attach(
    person: Person, task: dict[str, Any], name: str = "plan.html", data: bytes = PAGE
) -> dict[str, Any]:
    """A file on a task."""
    form = {"file": (name, data, "text/html")}
    return dict((await person.post(f"/tasks/{task['id']}/attachments", files=form)).json())


async def used_bytes(person: Person) -> int:
    return int((await person.get("/users/me")).json()["storage"]["used_bytes"])


async def kept(person: Person) -> list[str]:
    return [file.key async for file in person.api.platform.storage.list("attachments")]


async def test_a_file_is_downloaded_as_it_was_and_runs_nowhere(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ada, tour, "Stage plan")

    made = await attach(ben, task, 'pl"an\n.html')
    listed = (await ada.get(f"/tasks/{task['id']}/attachments")).json()["items"]
    answer = await ada.api.client().get(listed[0]["url"])

    assert [one["id"] for one in listed] == [made["id"]]
    assert (made["added_by"], made["size_bytes"]) == (ben.id, len(PAGE))
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await used_bytes(ada), await used_bytes(ben)) == (len(PAGE), 0)
    assert (await ben.get(f"/tasks/{task['id']}")).json()["attachment_count"] == 1


async def test_only_editors_attach_and_only_members_see(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    task = await add(ada, tour, "Stage plan")
    made = await attach(ada, task)
    where = f"/api/v1/tasks/{task['id']}/attachments"
    form = {"file": ("plan.html", PAGE)}

    strange = [
        await ben.client.get(where),
        await ben.client.post(where, files=form),
        await ben.client.delete(f"{where}/{made['id']}"),
    ]
    await share(ada, tour, ben, "commenter")
    reading = [
        await ben.client.get(where),
        await ben.client.post(where, files=form),
        await ben.client.delete(f"{where}/{made['id']}"),
    ]
    guessed = await ben.api.client().get(made["url"].replace(made["id"].replace("-", ""), "0" * 32))

    assert [one.status_code for one in strange] == [404, 404, 404]
    assert [one.status_code for one in reading] == [200, 403, 403]
    assert guessed.status_code in {403, 404}
    assert len(await kept(ada)) == 1


async def test_a_large_file_comes_in_pieces_and_rank_is_asked_at_its_end(
    ada: Person, ben: Person
) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ada, tour, "Stage plan")
    said = {"kind": "attachment", "subject": task["id"], "filename": "plan.pdf"}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
    headers = {**TUS, "Upload-Metadata": metadata, "Upload-Length": str(len(PAGE))}
    piece = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    begun = [await ben.post("/uploads", headers=headers) for _ in range(2)]
    first, second = (answer.headers["location"] for answer in begun)

    whole = await ben.client.patch(first, headers=piece, content=PAGE)
    await share(ada, tour, ben, "viewer")
    late = await ben.client.patch(second, headers=piece, content=PAGE)

    assert (whole.status_code, late.status_code) == (204, 403)
    listed = (await ada.get(f"/tasks/{task['id']}/attachments")).json()["items"]
    assert [one["filename"] for one in listed] == ["plan.pdf"]
    await ben.client.delete(second, headers=TUS)
    assert await used_bytes(ada) == len(PAGE)


async def test_the_owners_quota_bounds_what_members_attach(ada: Person, ben: Person) -> None:
    tour = await project(ada)
    await share(ada, tour, ben, "editor")
    task = await add(ada, tour, "Stage plan")
    async with ada.api.platform.database.write() as tx:
        await tx.execute("UPDATE users SET quota_bytes = 30 WHERE id = $1", ada.id)
    await attach(ben, task)

    more = await ben.client.post(
        f"/api/v1/tasks/{task['id']}/attachments", files={"file": ("b", PAGE)}
    )

    assert more.status_code == 507
    assert await used_bytes(ada) == len(PAGE)
    assert len(await kept(ada)) == 1


async def test_files_go_with_their_task_and_give_their_room_back(ada: Person) -> None:
    tour = await project(ada)
    first, second, third = [await add(ada, tour, title) for title in ("One", "Two", "Three")]
    made = [await attach(ada, task) for task in (first, first, second, third)]
    await ada.client.delete(f"/api/v1/tasks/{first['id']}/attachments/{made[0]['id']}")
    assert await used_bytes(ada) == 3 * len(PAGE)
    await ada.client.delete(f"/api/v1/tasks/{first['id']}")
    assert await used_bytes(ada) == 3 * len(PAGE)
    await ada.client.delete("/api/v1/tasks/trash")
    assert await used_bytes(ada) == 2 * len(PAGE)
    await ada.client.delete(f"/api/v1/tasks/{second['id']}")
    platform = ada.api.platform
    async with platform.database.write() as tx:
        long_ago = datetime.now(UTC) - timedelta(days=31)
        await tx.execute("UPDATE tasks SET deleted_at = $1 WHERE deleted_at IS NOT NULL", long_ago)

    assert await trash.purge(platform.database) == 1

    assert await used_bytes(ada) == len(PAGE)
    gone = await ada.api.client().get(made[2]["url"])
    assert gone.status_code == 404
    async with platform.database.read() as read:
        attached = [file.key async for file in files.attached(read)]
        left = await files.detached(read, [*(await kept(ada)), "attachments/a/b", "odd"])
    assert len(attached) == 1
    assert len(left) == 3 + 2
    assert attached[0] not in left
