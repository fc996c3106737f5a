"""Uploads by a plain form over real HTTP, into a real database and folder."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from backline import uploads
from backline.audio.takes import TRACKS
from backline.platform.actor import Actor
from backline.platform.ids import uuid7
from backline.uploads.reservations import Reservation
from tests.support.uploading import API, MAX_BYTES, House, break_off, form
from tests.support.waiting import until


async def test_a_form_becomes_a_track(house: House) -> None:
    data = os.urandom(1_500_000)

    answer = await house.call("POST", f"{API}/tracks", *form(data))

    track = answer.json()
    assert answer.status_code == 202, answer.text
    assert (track["status"], track["filename"]) == ("processing", "Song.flac")
    assert (track["size_bytes"], bool(track["job_id"])) == (1_500_000, True)
    assert await house.kept() == [data]
    assert await house.used_bytes() == 1_500_000
    assert house.staged() == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (form(b""), 422),
        (form(b"x", name="other"), 422),
        (form(b"x" * (MAX_BYTES + 1)), 413),
        (form(b"x" * (MAX_BYTES + 200_000)), 413),
        (({"Content-Type": "multipart/form-data; boundary=XX"}, b"--XX\r\nbroken"), 422),
        (({"Content-Type": "text/plain"}, b"x"), 415),
        (({"Content-Type": "application/json"}, b"{}"), 415),
    ],
)
async def test_odd_forms_leave_nothing(
    house: House, sent: tuple[dict[str, str], bytes], status: int
) -> None:
    answer = await house.call("POST", f"{API}/tracks", *sent)

    assert answer.status_code == status
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 0)


async def test_a_form_that_breaks_off_leaves_nothing(house: House) -> None:
    headers, body = form(bytes(900_000))

    await break_off(house, "POST", f"{API}/tracks", headers, body[:500_000])
    await until(lambda: not house.staged())

    assert (house.stored(), await house.used_bytes()) == ([], 0)


async def test_a_form_past_the_quota_is_refused_before_it_is_read(house: House) -> None:
    await house.begin(3_000_000)

    answer = await house.call("POST", f"{API}/tracks", *form(bytes(2_500_000)))

    assert answer.status_code == 507
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 3_000_000)


async def test_forms_at_once_never_stage_more_than_is_left_of_the_quota(house: House) -> None:
    await house.begin(3_000_000)
    headers, body = form(bytes(1_500_000))
    paused: set[int] = set()
    answered: set[int] = set()

    async def send(nth: int) -> int:
        async def chunks() -> AsyncIterator[bytes]:
            for at in range(0, len(body) - 100_000, 100_000):
                yield body[at : at + 100_000]
            paused.add(nth)
            await until(lambda: len(paused | answered) == 4)
            staged = sum(path.stat().st_size for path in house.staged())
            assert staged <= 2_000_000
            yield body[at + 100_000 :]

        answer = await house.call("POST", f"{API}/tracks", headers, chunks())
        answered.add(nth)
        return answer.status_code

    statuses = await asyncio.gather(*(send(nth) for nth in range(4)))

    assert set(statuses) <= {202, 507}
    assert statuses.count(202) <= 1
    assert house.staged() == []
    assert await house.used_bytes() == 3_000_000 + 1_500_000 * statuses.count(202)


async def test_a_form_that_just_fits_is_taken(house: House) -> None:
    await house.begin(3_000_000)

    answer = await house.call("POST", f"{API}/tracks", *form(bytes(2_000_000)))

    assert answer.status_code == 202, answer.text
    assert await house.used_bytes() == 5_000_000


async def test_a_form_that_a_crash_ended_is_charged_for_a_day_at_most(house: House) -> None:
    actor = Actor(house.owner, "user", uuid7())
    await Reservation(house.intake, TRACKS, actor, None).begin(1_000_000, 0)
    charged = await house.used_bytes()
    async with house.database.write() as tx:
        await tx.execute("UPDATE uploads SET expires_at = now() - interval '1 second'")

    await uploads.sweep(house.database, house.staging)

    assert (charged, await house.used_bytes()) == (1_000_000, 0)


async def test_a_form_of_unknown_length_past_the_quota_leaves_nothing(house: House) -> None:
    await house.begin(3_000_000)
    headers, body = form(bytes(2_500_000))

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 100_000):
            yield body[at : at + 100_000]

    answer = await house.call("POST", f"{API}/tracks", headers, chunks())

    assert answer.status_code == 507
    assert (house.staged(), house.stored(), await house.used_bytes()) == ([], [], 3_000_000)
