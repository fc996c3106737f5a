"""People with things of their own, through the API: what operations are asked for in tests."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx

from backline.accounts import sql as accounts_sql
from backline.audio.models import TrackJob
from backline.audio.notices import FAILED
from backline.audio.tracks import RENDER
from backline.notifications import Notice, notify
from backline.platform import jobs
from backline.platform.ids import uuid7
from backline.platform.mail import Mail, Message, enqueue
from tests.support.api import PASSWORD, Api
from tests.support.audio_things import (
    album,
    around,
    artist,
    deleted_track,
    entry,
    filled_playlist,
    genre,
    merge,
    playable_track,
    playlist,
    ready_artist,
    ready_track,
    removed_entry,
    share,
    shared_playlist,
    track,
)
from tests.support.concert_things import (
    concert,
    concert_artist,
    concert_export,
    concert_import,
    concert_photo,
    concert_venue,
    concert_with_photos,
    decided_review,
    deleted_concert,
    deleted_photo,
    done_import,
    failed_file,
    paused_scan,
    photo,
    photo_group,
    photo_move,
    photo_source,
    review,
    scan,
)
from tests.support.key_things import app_password, token
from tests.support.live_things import (
    deleted_live_project,
    destination,
    live_project,
    removed_destination,
    show,
)
from tests.support.music_things import (
    failed_music_file,
    music_folder,
    music_scan,
    paused_music_scan,
)
from tests.support.operations import BYTES, Operation, Unknown

UNKNOWN = "0198c0de-0000-7000-8000-000000000000"
MANY_VIEWS, MANY_EXPORTS = 80, 15  # nor than 100, nor than 20
MANY_PROJECTS, MANY_INVITATIONS, MANY_REMINDERS = 150, 40, 8  # nor than 200, 50, 10


class Person:
    """Somebody with an account and a client."""

    def __init__(self, api: Api, email: str) -> None:
        self.api, self.email = api, email
        self.client = api.client()
        self.id = ""

    async def sign_in(self) -> None:
        """Begin a session, with an account made anew if there is none."""
        form = {"email": self.email, "password": PASSWORD, "transport": "body"}
        answer = await self.client.post("/api/v1/auth/login", json=form)
        if answer.status_code == 401:
            await self.api.register(self.email)
            answer = await self.client.post("/api/v1/auth/login", json=form)
        answer.raise_for_status()
        self.client = self.api.client(answer.json()["access_token"])
        self.id = (await self.get("/users/me")).json()["id"]

    async def renew(self) -> bool:
        """Sign in again if that is needed; whether it was."""
        if (await self.client.get("/api/v1/users/me")).status_code == 200:
            return False
        await self.sign_in()
        return True

    async def get(self, path: str) -> httpx.Response:
        """Ask for something under `/api/v1`."""
        return (await self.client.get("/api/v1" + path)).raise_for_status()

    async def post(self, path: str, **given: object) -> httpx.Response:
        """Make something under `/api/v1`."""
        answer = await self.client.post("/api/v1" + path, **given)  # type: ignore[arg-type]
        return answer.raise_for_status()


Maker = Callable[[Person], Awaitable[str]]
Made = dict[str, str]  # ids, by the names of their parameters


async def upload(person: Person) -> str:
    """An upload of three bytes, none of which has come."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "3"}
    answer = await person.post("/uploads", headers=headers)
    return answer.headers["location"].rpartition("/")[2]


async def job(person: Person) -> str:
    """A queued job."""
    owner = UUID(person.id)
    async with person.api.platform.database.write() as tx:
        payload = TrackJob(uuid7(), owner)
        return str(await jobs.enqueue(tx, RENDER, payload, owner_id=owner))


async def cancelled_job(person: Person) -> str:
    """A job that can be queued again."""
    job_id = await job(person)
    await person.post(f"/jobs/{job_id}/cancel")
    return job_id


async def account(person: Person) -> str:
    """The person's own account."""
    return person.id


async def message(person: Person) -> str:
    """A message to the person, kept in the outbox."""
    about = Message("test", person.email, "Hello", "Hello\n")
    async with person.api.platform.database.write() as tx:
        return str(await enqueue(tx, Mail(None, "http://localhost"), about))


async def session(person: Person) -> str:
    """Another place where the person is signed in."""
    session_id = uuid7()
    async with person.api.platform.database.write() as tx:
        args = (session_id, UUID(person.id), 3600, "Else", "::1")
        await accounts_sql.insert_session(tx, *args, beside=200)
    return str(session_id)


async def task(person: Person) -> str:
    """A task."""
    return (await person.post("/tasks", json={"title": "Restring the bass"})).json()["id"]


async def view(person: Person) -> str:
    """A saved view; one of those that are there already once there are many."""
    there = (await person.get("/tasks/views")).json()["items"]
    if len(there) >= MANY_VIEWS:
        return there[0]["id"]
    form = {"name": "Urgent", "filters": {"priority": ["urgent"]}}
    return (await person.post("/tasks/views", json=form)).json()["id"]


async def export(person: Person) -> str:
    """A file of the person's tasks; one of those that are there already once there are many."""
    there = (await person.get("/tasks/exports")).json()["items"]
    if len(there) >= MANY_EXPORTS:
        return there[0]["id"]
    return (await person.post("/tasks/exports", json={"format": "json"})).json()["id"]


async def notice(person: Person) -> str:
    """Something that the person is told."""
    about = {"kind": FAILED, "title": "“Mañana” can't be played", "path": "/library"}
    async with person.api.platform.database.write() as tx:
        await notify(tx, Notice(to=UUID(person.id), reason=uuid7().hex, **about))
    return (await person.get("/notifications?limit=1")).json()["items"][0]["id"]


async def project(person: Person) -> str:
    """A project; one of those that are there already once there are many."""
    there = (await person.get("/projects")).json()["items"]
    if len(there) >= MANY_PROJECTS:
        return there[0]["id"]
    return (await person.post("/projects", json={"name": "Autumn tour"})).json()["id"]


async def deleted_project(person: Person) -> str:
    """A project that can be restored."""
    project_id = (await person.post("/projects", json={"name": "Old"})).json()["id"]
    (await person.client.delete(f"/api/v1/projects/{project_id}")).raise_for_status()
    return project_id


async def invitation(person: Person, made: Made) -> str:
    """An invitation to what was made; one of those that are there already once there are many."""
    where = f"/projects/{made.get('project_id')}/invitations"
    if "project_id" not in made:
        where = f"/playlists/{made['playlist_id']}/invitations"
    there = (await person.get(where)).json()["items"]
    if len(there) >= MANY_INVITATIONS:
        return there[0]["id"]
    return (await person.post(where, json={"rank": "viewer"})).json()["id"]


async def comment(person: Person, made: Made) -> str:
    """A comment on a task."""
    where = f"/tasks/{made['task_id']}/comments"
    return (await person.post(where, json={"text": "Which gauge?"})).json()["id"]


async def attachment(person: Person, made: Made) -> str:
    """A file of a task."""
    where = f"/tasks/{made['task_id']}/attachments"
    return (await person.post(where, files={"file": ("plan.pdf", BYTES)})).json()["id"]


async def reminder(person: Person, made: Made) -> str:
    """A reminder of a task; one of those that are there already once there are many."""
    where = f"/tasks/{made['task_id']}/reminders"
    there = (await person.get(where)).json()["items"]
    if len(there) >= MANY_REMINDERS:
        return there[0]["id"]
    return (await person.post(where, json={"before_due_s": 3600})).json()["id"]


async def deleted_task(person: Person) -> str:
    made = await task(person)
    (await person.client.delete(f"/api/v1/tasks/{made}")).raise_for_status()
    return made


async def discussed_task(person: Person) -> str:
    """A task with two of everything that can hang on one."""
    task_id = await task(person)
    for make in (comment, attachment, reminder):
        for _ in range(2):
            await make(person, {"task_id": task_id})
    return task_id


# By the name of the parameter or field that the id stands in.
MAKERS: dict[str, Maker] = {
    "after_id": task,
    "album_id": album,
    "artist_id": artist,
    "assignee_id": account,
    "concert_id": concert,
    "destination_id": destination,
    "export_id": export,
    "concert_export_id": concert_export,
    "concert_import_id": concert_import,
    "genre_id": genre,
    "group_id": photo_group,
    "job_id": job,
    "live_project_id": live_project,
    "merge_id": merge,
    "message_id": message,
    "move_id": photo_move,
    "music_folder_id": music_folder,
    "music_scan_id": music_scan,
    "photo_id": photo,
    "photo_ids": photo,
    "review_id": review,
    "scan_id": scan,
    "file_ids": failed_file,
    "from_concert_id": concert_with_photos,
    "notice_id": notice,
    "notice_ids": notice,
    "parent_id": task,
    "playlist_id": playlist,
    "project_id": project,
    "session_id": session,
    "share_id": share,
    "source_id": photo_source,
    "task_id": task,
    "token_id": token,
    "app_password_id": app_password,
    "thing_id": playlist,
    "track_id": track,
    "track_ids": track,
    "up_to": notice,
    "upload_id": upload,
    "user_id": account,
    "venue_id": concert_venue,
    "view_id": view,
}
# Of those that lie in another thing, which the operation names as well.
WITHIN: dict[str, Callable[[Person, Made], Awaitable[str]]] = {
    "attachment_id": attachment,
    "behind_entry_id": entry,
    "comment_id": comment,
    "entry_id": entry,
    "entry_ids": entry,
    "invitation_id": invitation,
    "reminder_id": reminder,
    "show_id": show,
}
# Where an operation wants a thing in another state: by label and name.
SPECIAL: dict[tuple[str, str], Maker] = {
    ("POST /api/v1/admin/jobs/{job_id}/requeue", "job_id"): cancelled_job,
    ("POST /api/v1/projects/{project_id}/restore", "project_id"): deleted_project,
    ("POST /api/v1/photos/{photo_id}/restore", "photo_id"): deleted_photo,
    ("GET /api/v1/concerts", "artist_id"): concert_artist,
    ("GET /api/v1/concerts/artists/{artist_id}", "artist_id"): concert_artist,
    ("GET /api/v1/concerts/{concert_id}/photos", "concert_id"): concert_with_photos,
    ("POST /api/v1/concerts/{concert_id}/photos/remove", "photo_ids"): concert_photo,
    ("POST /api/v1/concerts/moves", "photo_ids"): concert_photo,
    ("POST /api/v1/concerts/{concert_id}/restore", "concert_id"): deleted_concert,
    ("POST /api/v1/concerts/reviews/{review_id}/undo", "review_id"): decided_review,
    ("POST /api/v1/concerts/imports/{concert_import_id}/undo", "concert_import_id"): done_import,
    ("POST /api/v1/scans/{scan_id}/resume", "scan_id"): paused_scan,
    ("POST /api/v1/music-scans/{music_scan_id}/resume", "music_scan_id"): paused_music_scan,
    ("POST /api/v1/music-scans/{music_scan_id}/retry", "file_ids"): failed_music_file,
    (
        "POST /api/v1/live/projects/{live_project_id}/destinations/{destination_id}/restore",
        "destination_id",
    ): removed_destination,
    (
        "POST /api/v1/live/projects/{live_project_id}/restore",
        "live_project_id",
    ): deleted_live_project,
    ("GET /api/v1/playlists/{playlist_id}/entries", "playlist_id"): filled_playlist,
    ("GET /api/v1/shares", "thing_id"): shared_playlist,
    ("GET /api/v1/artists/{artist_id}/radio", "artist_id"): ready_artist,
    ("GET /api/v1/tracks/{track_id}/radio", "track_id"): ready_track,
    ("POST /api/v1/plays", "track_id"): playable_track,
    ("POST /api/v1/tracks/{track_id}/restore", "track_id"): deleted_track,
    ("DELETE /api/v1/tasks/trash/{task_id}", "task_id"): deleted_task,
    ("GET /api/v1/tasks/{task_id}/comments", "task_id"): discussed_task,
    ("GET /api/v1/tasks/{task_id}/attachments", "task_id"): discussed_task,
    ("GET /api/v1/tasks/{task_id}/reminders", "task_id"): discussed_task,
}

SPECIAL_WITHIN: dict[tuple[str, str], Callable[[Person, Made], Awaitable[str]]] = {
    ("POST /api/v1/playlists/{playlist_id}/entries/restore", "entry_ids"): removed_entry,
}


async def ids_of(operation: Operation, person: Person) -> dict[str, str]:
    """A new thing of the person for each id that the operation takes.

    Raises:
        Unknown: nobody has said how to make one.
    """
    made: Made = {}
    for one in operation.ids:
        within = SPECIAL_WITHIN.get((operation.label, one.name)) or WITHIN.get(one.name)
        if within is not None:
            made[one.name] = await within(person, made)
            continue
        maker = SPECIAL.get((operation.label, one.name)) or MAKERS.get(one.name)
        if maker is None:
            raise Unknown(
                f"{operation.label} takes {one.name!r}, and no test knows how to make such a "
                "thing. Write a function that makes one through the API, and add it to MAKERS in "
                "tests/support/things.py; the sweep over everybody's rights needs it."
            )
        made[one.name] = await maker(person)
    return made


async def fill(person: Person, count: int) -> None:
    """Give somebody so many of everything, and the installation so many people more."""
    for make in dict.fromkeys(MAKERS.values()):
        for _ in range(count):
            await make(person)
    for _ in range(count):
        await around(person)
    made = {
        "live_project_id": await live_project(person),
        "playlist_id": await playlist(person),
        "project_id": await project(person),
        "task_id": await task(person),
    }
    for make_within in WITHIN.values():
        for _ in range(count):
            await make_within(person, made)
    async with person.api.platform.database.write() as tx:
        for number in range(count):
            name = f"{person.id}-{number}@example.org"
            await accounts_sql.insert_user(tx, uuid7(), name, name, "Somebody", "", "user")
