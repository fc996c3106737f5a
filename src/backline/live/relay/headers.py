"""What a destination has to hear before the first frame: the description and sequence headers."""

from typing import Final

from backline.live.relay.packets import Packet
from backline.live.rtmp import describing, flv
from backline.live.rtmp.describing import Description
from backline.live.rtmp.messages import AUDIO, DATA, VIDEO, Payload

_MOST: Final = 32
_LONGEST_BYTES: Final = 65_536
_NAMES: Final = {
    "avc1": "H.264",
    "hvc1": "HEVC",
    "hev1": "HEVC",
    "av01": "AV1",
    "vp09": "VP9",
    "vp08": "VP8",
    "mp4a": "AAC",
    "Opus": "Opus",
    "fLaC": "FLAC",
    ".mp3": "MP3",
    "mp3": "MP3",
    "ac-3": "AC-3",
    "ec-3": "E-AC-3",
}


class Headers:
    """The latest of each kind, codec and track. Payloads are kept as they came."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, int, int], Payload] = {}
        self.description: Description | None = None
        self.video_codec: str | None = None
        self.audio_codec: str | None = None
        # Codecs by their four letters, where the encoder uses Enhanced RTMP.
        self.enhanced: tuple[str, ...] = ()

    def keep(self, kind: int, payload: Payload) -> tuple[bool, bool]:
        """Whether a message of audio or video is a header, and whether it says something new."""
        tracks = flv.tracks(kind, payload)
        if not tracks or not flv.is_header(tracks[0].packet):
            return False, False
        is_new = False
        for track in tracks:
            key = (kind, track.codec, track.number, track.packet)
            if self._found.get(key) == payload:
                continue
            is_new = True
            if (key in self._found or len(self._found) < _MOST) and len(payload) <= _LONGEST_BYTES:
                # Another codec of the same track takes the older one's place.
                for old in [one for one in self._found if _is_same_track(one, key)]:
                    del self._found[old]
                self._found[key] = payload
        self._name(kind, tracks[0].codec, is_enhanced=flv.is_enhanced(kind, payload))
        return True, is_new

    def see(self, kind: int, payload: Payload) -> None:
        """Learn the codec from a frame, for those that have no headers (MP3)."""
        tracks = flv.tracks(kind, payload)
        if tracks:
            self._name(kind, tracks[0].codec, is_enhanced=flv.is_enhanced(kind, payload))

    def packets(self, before: Packet) -> list[Packet]:
        """All of them, to go before a packet, in the order in which encoders send them."""
        timestamp_ms, came_s = before.timestamp_ms, before.came_s
        found: list[Packet] = []
        if self.description is not None:
            found.append(Packet(DATA, timestamp_ms, self.description.for_servers, came_s))
        seen: set[int] = set()
        for kind in (VIDEO, AUDIO):
            for key, payload in self._found.items():
                if key[0] == kind and id(payload) not in seen:
                    seen.add(id(payload))  # one message may hold several tracks
                    found.append(Packet(kind, timestamp_ms, payload, came_s, is_header=True))
        return found

    def payloads(self) -> list[tuple[int, Payload]]:
        """The sequence headers alone, each with its type."""
        return [(key[0], payload) for key, payload in self._found.items()]

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height as the encoder describes them."""
        return describing.size(self.description) if self.description else None

    def _name(self, kind: int, codec: str, *, is_enhanced: bool) -> None:
        name = _NAMES.get(codec, codec)
        if kind == VIDEO:
            self.video_codec = name
        else:
            self.audio_codec = name
        if is_enhanced and codec not in self.enhanced and len(self.enhanced) < _MOST:
            self.enhanced = (*self.enhanced, codec)


def _is_same_track(one: tuple[int, str, int, int], other: tuple[int, str, int, int]) -> bool:
    return (one[0], one[2], one[3]) == (other[0], other[2], other[3]) and one != other
