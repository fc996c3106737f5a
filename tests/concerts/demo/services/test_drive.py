"""The stand-in for Google Drive: pages, masks, changes, bytes, scopes, tokens, refusals."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.drive_account import METADATA, READ
from backline.concerts.demo.services.drive_library import File, Library
from backline.concerts.demo.services.server import StandIn, serving
from tests.concerts.demo.services.conftest import Clock

IMAGES = "mimeType contains 'image/' and trashed=false"
WANTED = (
    "nextPageToken,files(id,name,mimeType,size,md5Checksum,createdTime,modifiedTime,thumbnailLink,"
    "imageMediaMetadata(time,location,width,height,rotation,cameraMake,cameraModel))"
)
AT = datetime(2025, 5, 3, 20, 15, 2, tzinfo=UTC)
BACK = "http://127.0.0.1/back"


def file(name: str, **more: Any) -> File:
    wall = AT.replace(tzinfo=None)
    return File(
        id=name, name=f"{name}.jpg", content=name.encode, changed_at=AT, taken_at=wall, **more
    )


@pytest.fixture
def service(clock: Clock) -> Drive:
    files = [file(f"file-{number}", latitude=52.5, longitude=13.4) for number in range(25)]
    files += [file("note", mime_type="text/plain"), file("gone", is_trashed=True)]
    return Drive(Library(files), clock=clock)


@pytest.fixture
async def drive(service: Drive) -> AsyncIterator[StandIn]:
    async with serving(service) as opened:
        yield opened


@pytest.fixture
def reader(service: Drive) -> dict[str, str]:
    """The headers of somebody who may see metadata and nothing else."""
    return {"Authorization": f"Bearer {service.account.grant(METADATA)[0]}"}


@pytest.fixture
def owner(service: Drive) -> dict[str, str]:
    """The headers of somebody who may read bytes."""
    return {"Authorization": f"Bearer {service.account.grant(METADATA, READ)[0]}"}


async def get(
    drive: StandIn, client: httpx.AsyncClient, path: str, who: dict[str, str], **query: str
) -> httpx.Response:
    return await client.get(f"{drive.url}/drive/v3/{path}", params=query, headers=who)


def reason(answer: httpx.Response) -> tuple[int, str]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return answer.status_code, error["errors"][0]["reason"]


async def test_a_list_has_time_and_place_and_comes_in_pages(
    drive: StandIn, client: httpx.AsyncClient, reader: dict[str, str]
) -> None:
    asked = {"q": IMAGES, "fields": WANTED, "pageSize": "10"}
    pages = [(await get(drive, client, "files", reader, **asked)).json()]
    while token := pages[-1].get("nextPageToken"):
        answer = await get(drive, client, "files", reader, **asked, pageToken=token)
        pages.append(answer.json())

    found = [one for page in pages for one in page["files"]]
    assert [len(page["files"]) for page in pages] == [10, 10, 5]
    assert len({one["id"] for one in found}) == 25
    first = found[0]
    assert first["imageMediaMetadata"]["time"] == "2025:05:03 20:15:02"
    assert first["imageMediaMetadata"]["location"] == {"latitude": 52.5, "longitude": 13.4}
    assert first["size"] == "6"
    assert "trashed" not in first


async def test_without_a_mask_hardly_anything_is_told(
    drive: StandIn, client: httpx.AsyncClient, reader: dict[str, str]
) -> None:
    found = (await get(drive, client, "files", reader)).json()

    assert {*found["files"][0]} == {"kind", "id", "name", "mimeType"}
    assert len(found["files"]) == 27


@pytest.mark.parametrize(
    "query",
    [{"pageToken": "old"}, {"pageSize": "2000"}, {"q": "name = 'x'"}, {"fields": "files(id"}],
)
async def test_what_isnt_valid_is_told(
    drive: StandIn, client: httpx.AsyncClient, reader: dict[str, str], query: dict[str, str]
) -> None:
    assert reason(await get(drive, client, "files", reader, **query)) == (400, "invalid")


async def test_changes_since_a_token(
    drive: StandIn, service: Drive, client: httpx.AsyncClient, reader: dict[str, str]
) -> None:
    start = (await get(drive, client, "changes/startPageToken", reader)).json()["startPageToken"]
    service.library.put(file("new"))
    service.library.put(file("file-3", is_trashed=True))
    service.library.remove("file-4", AT)
    asked = {"pageSize": "2", "fields": "*"}
    first = (await get(drive, client, "changes", reader, pageToken=start, **asked)).json()
    token = first["nextPageToken"]
    last = (await get(drive, client, "changes", reader, pageToken=token, **asked)).json()

    assert [one["fileId"] for one in first["changes"]] == ["new", "file-3"]
    assert first["changes"][1]["file"]["trashed"] is True
    assert [(one["removed"], "file" in one) for one in last["changes"]] == [(True, False)]
    assert "nextPageToken" not in last
    again = await get(drive, client, "changes", reader, pageToken=last["newStartPageToken"])
    assert again.json()["changes"] == []


async def test_a_rejected_token_means_to_start_over(
    drive: StandIn, service: Drive, client: httpx.AsyncClient, reader: dict[str, str]
) -> None:
    start = (await get(drive, client, "changes/startPageToken", reader)).json()["startPageToken"]
    service.reject_tokens()
    answer = await get(drive, client, "changes", reader, pageToken=start)

    assert reason(answer) == (400, "invalid")
    assert answer.json()["error"]["errors"][0]["location"] == "pageToken"


async def test_bytes_and_thumbnails_are_for_those_who_may_read(
    drive: StandIn, client: httpx.AsyncClient, reader: dict[str, str], owner: dict[str, str]
) -> None:
    refused = await get(drive, client, "files/file-1", reader, alt="media")
    given = await get(drive, client, "files/file-1", owner, alt="media")
    unlinked = await get(drive, client, "files/file-1", reader, fields="id,thumbnailLink")
    linked = await get(drive, client, "files/file-1", owner, fields="id,thumbnailLink")

    assert reason(refused) == (403, "insufficientPermissions")
    assert (given.content, given.headers["content-type"]) == (b"file-1", "image/jpeg")
    assert unlinked.json() == {"id": "file-1"}
    link = linked.json()["thumbnailLink"]
    assert (await client.get(link, headers=owner)).content == b"file-1"
    assert (await client.get(link, headers=reader)).status_code == 403


async def test_bytes_from_a_place_on(
    drive: StandIn, client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    rest = await get(drive, client, "files/file-1", owner | {"Range": "bytes=4-"}, alt="media")
    behind = await get(drive, client, "files/file-1", owner | {"Range": "bytes=6-"}, alt="media")

    assert (rest.status_code, rest.content) == (206, b"-1")
    assert rest.headers["content-range"] == "bytes 4-5/6"
    assert behind.status_code == 416


async def test_scopes_add_up_and_shrink(
    drive: StandIn, service: Drive, client: httpx.AsyncClient
) -> None:
    service.account.grant(METADATA)
    asked = {"client_id": "demo", "redirect_uri": BACK, "scope": READ}
    asked |= {"include_granted_scopes": "true"}
    answer = await client.get(f"{drive.url}/o/oauth2/v2/auth", params=asked)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": back["code"][0]}
    tokens = (await exchange(drive, client, **form)).json()
    service.account.shrink(METADATA)
    renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    later = (await exchange(drive, client, **renewal)).json()

    assert (tokens["scope"].split(), later["scope"]) == ([METADATA, READ], METADATA)


async def test_links_of_thumbnails_end_after_hours(
    drive: StandIn,
    service: Drive,
    client: httpx.AsyncClient,
    owner: dict[str, str],
    clock: Clock,
) -> None:
    answer = await get(drive, client, "files/file-1", owner, fields="thumbnailLink")
    clock.now_s += 5 * 3_600

    owner = {"Authorization": f"Bearer {service.account.grant(READ)[0]}"}
    assert (await client.get(answer.json()["thumbnailLink"], headers=owner)).status_code == 404


async def test_a_drive_may_lie_about_sizes(
    drive: StandIn, service: Drive, client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    service.library.put(file("liar", size_bytes=12, md5="0" * 32))
    told = await get(drive, client, "files/liar", owner, fields="size,md5Checksum")
    bytes_of_it = await get(drive, client, "files/liar", owner, alt="media")

    assert told.json() == {"size": "12", "md5Checksum": "0" * 32}
    assert len(bytes_of_it.content) == 4


async def test_files_that_arent_there(
    drive: StandIn, client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    assert reason(await get(drive, client, "files/none", owner)) == (404, "notFound")


async def test_an_access_token_ends_within_the_hour(
    drive: StandIn, client: httpx.AsyncClient, reader: dict[str, str], clock: Clock
) -> None:
    clock.now_s += 3_600

    assert reason(await get(drive, client, "files", reader)) == (401, "authError")
    assert reason(await get(drive, client, "files", {})) == (401, "authError")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("over quota", (403, "userRateLimitExceeded")),
        ("too many", (429, "rateLimitExceeded")),
        ("unavailable", (503, "backendError")),
        ("broken", (500, "internalError")),
    ],
)
async def test_refusals(
    drive: StandIn,
    client: httpx.AsyncClient,
    reader: dict[str, str],
    fault: Any,
    said: tuple[int, str],
) -> None:
    drive.spoil(fault)

    assert reason(await get(drive, client, "files", reader)) == said


async def consent(drive: StandIn, client: httpx.AsyncClient, scope: str) -> dict[str, list[str]]:
    asked = {"client_id": "demo", "redirect_uri": BACK, "scope": scope, "state": "s"}
    answer = await client.get(f"{drive.url}/o/oauth2/v2/auth", params=asked)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["location"]).query)


async def exchange(drive: StandIn, client: httpx.AsyncClient, **form: str) -> httpx.Response:
    secrets = {"client_id": "demo", "client_secret": "demo"}
    return await client.post(f"{drive.url}/token", data=secrets | form)


async def test_a_consent_becomes_tokens_once(drive: StandIn, client: httpx.AsyncClient) -> None:
    back = await consent(drive, client, METADATA)
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": back["code"][0]}
    tokens = (await exchange(drive, client, **form)).json()
    again = await exchange(drive, client, **form)
    who = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert back["state"] == ["s"]
    assert (tokens["scope"], tokens["token_type"]) == (METADATA, "Bearer")
    assert (await get(drive, client, "files", who)).status_code == 200
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_person_may_refuse(
    drive: StandIn, service: Drive, client: httpx.AsyncClient
) -> None:
    service.account.consents = frozenset()

    assert (await consent(drive, client, READ))["error"] == ["access_denied"]


async def test_tokens_of_an_unverified_client_end_after_seven_days(
    drive: StandIn, service: Drive, client: httpx.AsyncClient, clock: Clock
) -> None:
    service.account.is_verified = False
    _, refresh = service.account.grant(METADATA)
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    early = await exchange(drive, client, **form)
    clock.now_s += 7 * 86_400
    late = await exchange(drive, client, **form)

    assert early.json()["expires_in"] == 3_599
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


async def test_a_wrong_secret_is_refused(drive: StandIn, client: httpx.AsyncClient) -> None:
    said = await exchange(drive, client, client_secret="wrong")  # noqa: S106

    assert (said.status_code, said.json()["error"]) == (401, "invalid_client")
