"""Uploads that become something else than tracks: whose they are, and whose room they take."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from backline import uploads
from backline.audio.takes import TRACKS
from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict, Forbidden, Invalid, OutOfSpace
from backline.platform.ids import uuid7
from backline.platform.storage.takes import Taken, Takes
from backline.uploads import Intake, Takers, resumable
from tests.support.uploading import House, form

DATA = b"a gift"


class Gifts:
    """A domain whose uploads are somebody else's from the start."""

    def __init__(self, house: House) -> None:
        self.house, self.owner_id = house, house.other
        self.added: list[Taken] = []
        self.takes = Takes(
            kind="gift",
            scope="gifts",
            max_bytes=lambda _settings: 1_000_000,
            owner=self.owner,
            key=lambda owner_id, gift_id: f"gifts/{owner_id.hex}/{gift_id.hex}/1/gift",
            add=self.add,
        )
        takers = Takers({"gift": self.takes, "track": TRACKS}, {"gift": 1_000, "track": 1}, 2_000)
        self.intake = Intake(house.database, house.storage, house.staging, takers)

    async def owner(self, _read: Read, _actor: Actor, _subject: UUID | None) -> UUID:
        return self.owner_id

    async def add(self, _tx: Write, _actor: Actor, taken: Taken) -> Taken:
        self.added.append(taken)
        return taken

    async def begin(self, actor: Actor, length: int = len(DATA)) -> UUID:
        begun = await resumable.create(
            self.intake,
            actor,
            length_bytes=length,
            filename="gift",
            content_type="image/webp",
            kind="gift",
            subject=uuid7(),
        )
        return begun.id

    async def used_bytes(self) -> tuple[int, int]:
        """Of who sends, and of whose it is to be."""
        async with self.house.database.read() as read:
            query = "SELECT used_bytes FROM users WHERE id = $1"
            sender, receiver = self.house.owner, self.house.other
            return await read.fetch_value(query, sender), await read.fetch_value(query, receiver)


@pytest.fixture
def gifts(house: House) -> Gifts:
    return Gifts(house)


@pytest.fixture
def sender(house: House) -> Actor:
    return Actor(house.owner, "user", uuid7())


async def once(data: bytes = DATA) -> AsyncIterator[bytes]:
    yield data


async def test_the_room_is_its_owners_and_the_upload_the_senders(
    gifts: Gifts, sender: Actor
) -> None:
    upload_id = await gifts.begin(sender)
    begun = await gifts.used_bytes()

    shown = await resumable.append(gifts.intake, sender, upload_id, 0, once())

    (gift,) = gifts.added
    assert begun == await gifts.used_bytes() == (0, len(DATA))
    assert (gift.owner_id, gift.content_type, gift.size_bytes) == (
        gifts.owner_id,
        "image/webp",
        len(DATA),
    )
    assert (shown.kind, shown.thing_id, shown.track_id) == ("gift", gift.id, None)
    assert await gifts.house.storage.head(gifts.takes.key(gift.owner_id, gift.id)) is not None


async def test_every_end_gives_back_to_whom_it_was_charged(gifts: Gifts, sender: Actor) -> None:
    given_up = await gifts.begin(sender)
    await gifts.begin(sender, 100)

    await resumable.end(gifts.intake, sender, given_up)
    left = await gifts.used_bytes()
    await uploads.end_all_of(gifts.house.database, gifts.house.staging, sender.user_id)

    assert (left, await gifts.used_bytes()) == ((0, 100), (0, 0))


async def test_an_owner_who_changed_meanwhile_takes_nothing(gifts: Gifts, sender: Actor) -> None:
    upload_id = await gifts.begin(sender)
    gifts.owner_id = sender.user_id

    with pytest.raises(Conflict, match="somebody else"):
        await resumable.append(gifts.intake, sender, upload_id, 0, once())

    assert (gifts.added, gifts.house.stored()) == ([], [])


async def test_a_form_charges_its_owner_too(gifts: Gifts, sender: Actor) -> None:
    headers, body = form(DATA)

    came = await uploads.take_form(
        gifts.intake,
        gifts.takes,
        sender,
        once(body),
        content_type=headers["Content-Type"],
        length_bytes=None,
        subject=uuid7(),
    )
    await gifts.begin(sender, 1_000)
    with pytest.raises(OutOfSpace):
        await gifts.begin(sender, 1_000)

    assert came == gifts.added[0]
    assert await gifts.used_bytes() == (0, len(DATA) + 1_000)
    assert gifts.house.staged() == []


async def test_a_token_needs_the_scope_of_what_it_becomes(gifts: Gifts, sender: Actor) -> None:
    upload_id = await gifts.begin(sender)
    others = msgspec.structs.replace(sender, scopes=frozenset({"audio:write", "audio:read"}))

    with pytest.raises(Forbidden, match="gifts:write"):
        await gifts.begin(others)
    with pytest.raises(Forbidden, match="gifts:write"):
        await resumable.append(gifts.intake, others, upload_id, 0, once())
    with pytest.raises(Forbidden, match="gifts:write"):
        await resumable.end(gifts.intake, others, upload_id)
    async with gifts.house.database.read() as read:
        with pytest.raises(Forbidden, match="gifts:read"):
            await resumable.get(read, gifts.intake.takers, others, upload_id)

    assert await gifts.used_bytes() == (0, len(DATA))


async def test_what_nobody_takes_is_refused(gifts: Gifts, sender: Actor) -> None:
    with pytest.raises(Invalid, match="gift, track"):
        await resumable.create(
            gifts.intake, sender, length_bytes=1, filename="", content_type="", kind="parcel"
        )
