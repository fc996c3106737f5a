"""Sessions of one evening bear each other out: who is there at nine was there at eight."""

from collections.abc import Sequence

from msgspec.structs import replace

from backline.concerts.matching.evidence import Event, Verdict


def agreed(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """One person's verdicts, looked at together.

    A session that was for review is a match where its likeliest event is one that another session
    was matched with.
    """
    sure = {_key(one.candidates[0].event) for one in verdicts if one.kind == "match"}
    return [
        replace(one, kind="match")
        if one.kind == "review" and _key(one.candidates[0].event) in sure
        else one
        for one in verdicts
    ]


def _key(event: Event) -> tuple[str, object]:
    return event.venue_id, event.held_on
