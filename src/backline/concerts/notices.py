"""What people are told about their concerts, each kind by one function; others say when."""

from typing import Final
from uuid import UUID

from backline.concerts.sql.milestones import NthConcert, NthTime, PastConcert, Words
from backline.notifications import Notice, NoticeKind, notify
from backline.platform.database import Write

CONCERT: Final = NoticeKind(
    "concerts.milestone", "your 10th, 50th, 100th concert and every hundredth after it", mail=True
)
ARTIST: Final = NoticeKind(
    "concerts.artist-milestone", "an artist whom you see for the 5th, 10th, 25th time", mail=True
)
ANNIVERSARY: Final = NoticeKind(
    "concerts.anniversary", "concerts that you saw a year ago today, or 5, 10, 20", mail=True
)
KINDS: Final = (CONCERT, ARTIST, ANNIVERSARY)


async def tell_concert(tx: Write, owner_id: UUID, nth: NthConcert, words: Words) -> None:
    """Tell somebody that a concert was their so manieth; of each number once."""
    notice = Notice(
        to=owner_id,
        kind=CONCERT,
        reason=f"concerts.milestone:{nth.n}",
        title=f"{_named(words)} was your {nth.n:,}th concert",
        text="Your history in figures shows when, where and whom you saw.",
        path=f"/concerts/{nth.id}",
        subject=("concert", nth.id),
    )
    await notify(tx, notice)


async def tell_times(tx: Write, owner_id: UUID, found: list[NthTime]) -> None:
    """Tell somebody whom they saw so often now; of each artist and number once."""
    notices = [
        Notice(
            to=owner_id,
            kind=ARTIST,
            reason=f"concerts.artist-milestone:{one.artist_id.hex}:{one.n}",
            title=f"You saw {one.name} for the {one.n}th time",
            path=f"/concerts/artists/{one.artist_id}",
            subject=("concert-artist", one.artist_id),
        )
        for one in found
    ]
    if notices:
        await notify(tx, *notices)


async def tell_anniversary(tx: Write, past: PastConcert, years: int, words: Words) -> None:
    """Tell somebody what they saw on this day of a former year; of each year once."""
    when = "A year ago today" if years == 1 else f"{years} years ago today"
    notice = Notice(
        to=past.owner_id,
        kind=ANNIVERSARY,
        reason=f"concerts.anniversary:{past.id.hex}:{years}",
        title=f"{when}: {_named(words)}",
        path=f"/concerts/{past.id}",
        subject=("concert", past.id),
    )
    await notify(tx, notice)


def _named(words: Words) -> str:
    """What a concert is called: by its title or by whom one went for, and where it was."""
    name = words.title or ", ".join(words.artists) or "A concert"
    return f"{name} at {words.venue}" if words.venue else name
