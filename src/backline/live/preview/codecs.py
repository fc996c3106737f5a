"""What codecs say of themselves, as MP4 wants to hear it: H.264, HEVC and AV1; AAC."""

import struct
from typing import Final

from backline.live.preview.boxes import AUDIO_TRACK, VIDEO_TRACK, Entry, box, full
from backline.live.rtmp.messages import Payload

Size = tuple[int, int]

MILLISECONDS: Final = 1_000
FRAME_SAMPLES: Final = 1_024  # of AAC
_CONFIGURATIONS: Final = {"avc1": b"avcC", "hvc1": b"hvcC", "av01": b"av1C"}
_LEAST_BYTES: Final = {"avc1": 7, "hvc1": 23, "av01": 4}
_RATES: Final = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000),
    *(22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)
_EXPLICIT_RATE: Final = 15
_MOST_PIXELS: Final = 16_384
_SOUND_BYTES: Final = range(2, 101)  # that an AudioSpecificConfig may have
# Profiles whose parameter sets tell of chroma and scaling (ITU-T H.264 §7.3.2.1.1).
_HIGH: Final = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


def video(codec: str, configuration: Payload, told: Size | None) -> Entry | None:
    """A picture's track; None where browsers play no such codec. `told` is the encoder's size."""
    name = _CONFIGURATIONS.get(codec)
    if name is None or len(configuration) < _LEAST_BYTES[codec]:
        return None
    width, height = (avc_size(configuration) if codec == "avc1" else None) or told or (640, 360)
    sample = box(
        codec.encode(),
        bytes(6) + struct.pack(">H", 1) + bytes(16),
        struct.pack(">HHIIIH", width, height, 0x480000, 0x480000, 0, 1),
        bytes(32) + struct.pack(">Hh", 24, -1),
        box(name, bytes(configuration)),
    )
    return Entry(
        VIDEO_TRACK, MILLISECONDS, sample, width, height, _named(codec, bytes(configuration))
    )


def _named(codec: str, configuration: bytes) -> str:
    """A picture's codec as playlists name it (ISO/IEC 14496-15 Annex E, AV1 in ISOBMFF §5)."""
    if codec == "avc1":
        return f"avc1.{configuration[1:4].hex().upper()}"
    if codec == "av01":
        profile, level = configuration[1] >> 5, configuration[1] & 0x1F
        tier = "H" if configuration[2] & 0x80 else "M"
        depth = 10 if configuration[2] & 0x40 else 8
        return f"av01.{profile}.{level:02}{tier}.{depth:02}"
    space = ("", "A", "B", "C")[configuration[1] >> 6]
    tier = "H" if configuration[1] & 0x20 else "L"
    fits = int(f"{int.from_bytes(configuration[2:6], 'big'):032b}"[::-1], 2)
    limits = "".join(f".{one:X}" for one in configuration[6:12].rstrip(b"\0"))
    return f"hvc1.{space}{configuration[1] & 0x1F}.{fits:X}.{tier}{configuration[12]}{limits}"


def audio(codec: str, configuration: Payload) -> Entry | None:
    """A sound's track; None where it isn't AAC, or says nothing that can be read."""
    if codec != "mp4a" or len(configuration) not in _SOUND_BYTES:
        return None
    bits = _Bits(configuration)
    try:
        kind = bits.take(5)
        if kind == 31:  # noqa: PLR2004  # it is in the six bits that follow
            kind = 32 + bits.take(6)
        index = bits.take(4)
        rate = bits.take(24) if index == _EXPLICIT_RATE else _RATES[index]
        channels = bits.take(4)
    except IndexError:
        return None
    if rate == 0:
        return None
    shown_rate = rate if rate < 1 << 16 else 0
    sample = box(
        b"mp4a",
        bytes(6) + struct.pack(">H", 1) + bytes(8),
        struct.pack(">HHIHH", channels or 2, 16, 0, shown_rate, 0),
        _esds(bytes(configuration)),
    )
    return Entry(AUDIO_TRACK, rate, sample, codecs=f"mp4a.40.{kind}")


def _esds(configuration: bytes) -> bytes:
    """The elementary stream's descriptor (ISO/IEC 14496-14 §5.6): AAC, and how it is set up."""
    decoder = b"\x40\x15" + bytes(3) + bytes(8) + _descriptor(5, configuration)
    stream = struct.pack(">HB", AUDIO_TRACK, 0) + _descriptor(4, decoder) + b"\x06\x01\x02"
    return full(b"esds", 0, 0, _descriptor(3, stream))


def _descriptor(tag: int, body: bytes) -> bytes:
    size = len(body)
    return bytes((tag, 0x80, 0x80, 0x80 | size >> 7, size & 0x7F)) + body


def avc_size(configuration: Payload) -> Size | None:
    """Width and height by the first parameter set of an `avcC`; None if it can't be read."""
    try:
        length = configuration[6] << 8 | configuration[7]
        if configuration[5] & 0x1F == 0 or len(configuration) < 8 + length:
            return None
        found = _picture(_Bits(_plain(bytes(configuration[9 : 8 + length]))))
    except IndexError:
        return None
    return found if all(0 < side <= _MOST_PIXELS for side in found) else None


def _picture(bits: "_Bits") -> Size:
    """The size that a sequence parameter set tells (ITU-T H.264 §7.3.2.1.1, §7.4.2.1.1)."""
    profile = bits.take(8)
    bits.take(16)
    bits.number()
    chroma = _chroma(bits) if profile in _HIGH else 1
    bits.number()
    _skip_order(bits)
    bits.number()
    bits.take(1)
    across, down = bits.number() + 1, bits.number() + 1
    is_whole = bits.take(1)
    if not is_whole:
        bits.take(1)
    bits.take(1)
    left = right = top = bottom = 0
    if bits.take(1):
        left, right, top, bottom = (bits.number() for _ in range(4))
    step_x = 2 if chroma in {1, 2} else 1
    step_y = (2 if chroma == 1 else 1) * (2 - is_whole)
    height = down * 16 * (2 - is_whole) - step_y * (top + bottom)
    return across * 16 - step_x * (left + right), height


def _chroma(bits: "_Bits") -> int:
    """How colour is sampled; what else stands there is passed over."""
    chroma = bits.number()
    if chroma == 3:  # noqa: PLR2004  # 4:4:4
        bits.take(1)
    bits.number()
    bits.number()
    bits.take(1)
    if bits.take(1):
        for index in range(12 if chroma == 3 else 8):  # noqa: PLR2004  # the same
            if bits.take(1):
                _skip_scaling(bits, 16 if index < 6 else 64)  # noqa: PLR2004  # 4 by 4 first
    return chroma


def _skip_order(bits: "_Bits") -> None:
    """Pass over how pictures are ordered."""
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.take(1)
        bits.number()
        bits.number()
        for _ in range(min(bits.number(), 255)):
            bits.number()


def _skip_scaling(bits: "_Bits", count: int) -> None:
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _plain(data: bytes) -> bytes:
    """A unit's bytes without those that keep it from looking like a start code."""
    return data.replace(b"\0\0\x03", b"\0\0")


class _Bits:
    """Bits one after the other; IndexError at the end."""

    def __init__(self, data: Payload) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> int:
        """So many bits as a number."""
        value = 0
        for _ in range(count):
            value = value << 1 | self._data[self._at >> 3] >> (7 - (self._at & 7)) & 1
            self._at += 1
        return value

    def number(self) -> int:
        """A number in Exp-Golomb code (§9.1)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 31:  # noqa: PLR2004  # the longest that there is
                raise IndexError
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """The same with a sign (§9.1.1)."""
        value = self.number()
        return (value + 1) // 2 if value & 1 else -(value // 2)
