"""People with things of their own, through the API: what operations are asked for in tests."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx

from backline.accounts import sql as accounts_sql
from backline.audio.models import TrackJob
from backline.audio.tracks import RENDER
from backline.platform import jobs
from backline.platform.ids import uuid7
from backline.platform.mail import Mail, Message, enqueue
from tests.support.api import PASSWORD, Api
from tests.support.operations import BYTES, Operation, Unknown

UNKNOWN = "0198c0de-0000-7000-8000-000000000000"
MANY_TOKENS = 40  # nobody can have more than 50


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


async def track(person: Person) -> str:
    """A track that waits to be prepared."""
    return (await person.post("/tracks", files={"file": ("song.wav", BYTES)})).json()["id"]


async def deleted_track(person: Person) -> str:
    """A track that can be restored."""
    track_id = await track(person)
    (await person.client.delete(f"/api/v1/tracks/{track_id}")).raise_for_status()
    return track_id


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
        await accounts_sql.insert_session(tx, session_id, UUID(person.id), 3600, "Else", "::1")
    return str(session_id)


async def token(person: Person) -> str:
    """An API token; one of those that are there already once there are many."""
    there = (await person.get("/users/me/tokens")).json()["items"]
    if len(there) >= MANY_TOKENS:
        return there[0]["id"]
    form = {"name": "Backup", "scopes": ["audio:read"]}
    return (await person.post("/users/me/tokens", json=form)).json()["id"]


# By the name of the parameter or field that the id stands in.
MAKERS: dict[str, Maker] = {
    "job_id": job,
    "message_id": message,
    "session_id": session,
    "token_id": token,
    "track_id": track,
    "upload_id": upload,
    "user_id": account,
}
# Where an operation wants a thing in another state: by label and name.
SPECIAL: dict[tuple[str, str], Maker] = {
    ("POST /api/v1/admin/jobs/{job_id}/requeue", "job_id"): cancelled_job,
    ("POST /api/v1/tracks/{track_id}/restore", "track_id"): deleted_track,
}


async def ids_of(operation: Operation, person: Person) -> dict[str, str]:
    """A new thing of the person for each id that the operation takes.

    Raises:
        Unknown: nobody has said how to make one.
    """
    made: dict[str, str] = {}
    for one in operation.ids:
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
    async with person.api.platform.database.write() as tx:
        for number in range(count):
            name = f"{person.id}-{number}@example.org"
            await accounts_sql.insert_user(tx, uuid7(), name, name, "Somebody", "", "user")
