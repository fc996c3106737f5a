"""What workers made of a show's segments, kept beside them and no longer, in a bounded room."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from backline.live.preview.boxes import VIDEO_TRACK
from backline.live.preview.packager import Packager, Segment
from backline.live.preview.pieces import Made, Piece, Rung
from backline.live.preview.playlist import PLAYLIST, Line, Variant, multivariant, window, written

# Whoever is further behind than this goes on with the newest: late pictures help nobody.
_MOST_BEHIND: Final = 2
# A rung of which none of the last few was made isn't offered.
_LATELY: Final = 4
_MOST_RUNGS: Final = 8
_NAME: Final = re.compile(r"[A-Za-z0-9]{1,16}")
_CODECS: Final = re.compile(r"[A-Za-z0-9.,]{0,100}")


class _Part:
    """A segment in a size."""

    def __init__(self, rung: Rung, segment: Segment) -> None:
        digest = hashlib.sha256(rung.opening).hexdigest()[:8]
        self.rung, self.duration_ms = rung, segment.duration_ms
        self.opening = f"{digest}-{rung.name}.mp4"


class Rungs:
    """The sizes of one show beside its own, in `room_bytes`."""

    def __init__(self, packager: Packager, room_bytes: int) -> None:
        self._packager, self._room_bytes = packager, room_bytes
        self._parts: dict[str, dict[int, _Part]] = {}  # by rung, then by number

    @property
    def size_bytes(self) -> int:
        """What they hold."""
        return sum(_size(one) for parts in self._parts.values() for one in parts.values())

    def following(self, after: int) -> Piece | None:
        """The segment to be made next by whoever has made `after`; None where none has come.

        Those that would come too late are passed over.
        """
        segments = self._packager.segments
        if segments and segments[-1].number < after:
            after = 0  # that was another node's, whose clock is ahead
        waiting = [one for one in segments if one.number > after]
        if not waiting:
            return None
        chosen = waiting[0] if after > 0 and len(waiting) <= _MOST_BEHIND else waiting[-1]
        opening = self._packager.openings[chosen.opening]
        return Piece(chosen.number, chosen.duration_ms, opening, chosen.body)

    def keep(self, made: Made) -> None:
        """Keep what was made of a segment, if that is still there; what is there already stays."""
        segment = next((one for one in self._packager.segments if one.number == made.number), None)
        if segment is None:
            return
        for rung in made.rungs[:_MOST_RUNGS]:
            name = rung.name
            # They stand in playlists, and what read a stranger's picture made them.
            is_named = _NAME.fullmatch(name) and _CODECS.fullmatch(rung.codecs)
            if is_named and (name in self._parts or len(self._parts) < _MOST_RUNGS):
                self._parts.setdefault(name, {}).setdefault(made.number, _Part(rung, segment))
        self._forget()

    def names(self) -> list[str]:
        """Those that can be played now, the largest first."""
        lately = [one.number for one in list(self._packager.segments)[-_LATELY:]]
        heights = {
            name: parts[max(parts)].rung.height
            for name, parts in self._parts.items()
            if any(one in parts for one in lately)
        }
        return sorted(heights, key=lambda name: -heights[name])

    def file(self, name: str) -> bytes | None:
        """A segment or an opening by its name."""
        stem, _, kind = name.rpartition(".")
        first, _, rung = stem.rpartition("-")
        parts = self._parts.get(rung, {})
        if kind == "m4s":
            found = [one.number for one in self._packager.segments if _stem(one) == first]
            part = parts.get(found[0]) if found else None
            return None if part is None else part.rung.body
        return next((one.rung.opening for one in parts.values() if one.opening == name), None)

    def playlist(self, rung: str) -> bytes | None:
        """A rung's, up to the newest that was made; what is missing before is a gap."""
        parts = self._parts.get(rung, {})
        newest = max(parts, default=0)
        listed = [one for one in window(self._packager) if one.number <= newest]
        if not listed or rung not in self.names():
            return None
        return written(self._packager, listed, self._lines(rung, listed), version=8)

    def _lines(self, rung: str, listed: Iterable[Segment]) -> Iterable[Line]:
        for one in listed:
            part = self._parts[rung].get(one.number)
            opening = None if part is None else part.opening
            yield Line(f"{_stem(one)}-{rung}.m4s", one.duration_ms, opening, one.is_break)

    def multivariant(self, fps: float) -> bytes:
        """All that there is, the encoder's own first, which has so many pictures a second."""
        return multivariant([self._source(fps), *map(self._variant, self.names())])

    def _source(self, fps: float) -> Variant:
        segments = self._packager.segments
        entries = self._packager.entries[segments[-1].opening]
        picture = next((one for one in entries if one.track == VIDEO_TRACK), None)
        width, height = (picture.width, picture.height) if picture else (0, 0)
        codecs = [one.codecs for one in entries]
        rates = _rates((len(one.body), one.duration_ms) for one in segments)
        return Variant(PLAYLIST, *rates, width, height, fps if picture else 0, ",".join(codecs))

    def _variant(self, name: str) -> Variant:
        parts = self._parts[name]
        last = parts[max(parts)].rung
        rates = _rates((len(one.rung.body), one.duration_ms) for one in parts.values())
        return Variant(
            f"{name}.m3u8", *rates, last.width, last.height, last.fps, last.codecs
        )  # fmt: skip

    def _forget(self) -> None:
        """Let go of what the packager has let go of, and of the oldest where it is too much."""
        numbers = sorted({number for parts in self._parts.values() for number in parts})
        here = {one.number for one in self._packager.segments}
        while numbers and (numbers[0] not in here or self.size_bytes > self._room_bytes):
            for parts in self._parts.values():
                parts.pop(numbers[0], None)
            del numbers[0]
        self._parts = {name: parts for name, parts in self._parts.items() if parts}


def _stem(segment: Segment) -> str:
    return segment.name.removesuffix(".m4s")


def _size(part: _Part) -> int:
    return len(part.rung.body) + len(part.rung.opening)


def _rates(sizes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The highest rate and the average one, in bit/s, of bytes and milliseconds."""
    found = list(sizes)
    most = max(size * 8_000 // duration for size, duration in found)
    return most, sum(size for size, _ in found) * 8_000 // sum(one for _, one in found)
