"""The bounds within which strangers' files are worked on: sizes, lengths, rates, counts."""

MAX_DURATION_S = 6 * 60 * 60
"""The longest track. Longer files are refused before they cost any work."""

MIN_SAMPLE_RATE_HZ = 4_000
MAX_SAMPLE_RATE_HZ = 768_000
MAX_CHANNELS = 8

MAX_TEXT_CHARS = 500
"""Each tag's text is cut to this."""

MAX_TAGS = 10_000
"""A file with more tags is refused: libavformat needs minutes for 100,000 of them."""

MAX_TAG_VALUES = 1_000
"""No more values than this are taken from one file's tags."""

MAX_COVER_BYTES = 20 * 1024 * 1024
MAX_COVER_PIXELS = 100_000_000
MAX_COVER_SIDE_PX = 30_000

WAVEFORM_POINTS = 1_000

_FEW_MINUTES = 10


def spoken(seconds: float) -> str:
    """A length as a person says it: `45 s`, `1 min 30 s`, `12 min`, `10 h`, `1 h 30 min`."""
    minutes, rest_s = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest_s} s"
    if minutes < _FEW_MINUTES and rest_s:
        return f"{minutes} min {rest_s} s"
    hours, rest_min = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{rest_min} min"
    return f"{hours} h {rest_min} min" if rest_min else f"{hours} h"


def too_long(duration_s: float) -> str | None:
    """Why a track of this length is refused, or None when it fits."""
    if duration_s <= MAX_DURATION_S:
        return None
    return (
        f"This file is {spoken(duration_s)} long; the limit is {spoken(MAX_DURATION_S)}. "
        "Cut it into shorter tracks and upload those."
    )
