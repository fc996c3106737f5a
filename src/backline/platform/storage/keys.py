"""What a storage key may look like: the same rule guards files, URLs and signatures."""

import re
from collections.abc import Sequence

from backline.platform.errors import Invalid

_MAX_KEY_CHARACTERS = 512
# No dot in front: neither `..` nor hidden files. No percent sign: nothing is left to decode.
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_KEY = re.compile(rf"{_SEGMENT.pattern}(?:/{_SEGMENT.pattern})*")


def is_segment(text: str) -> bool:
    """Whether `text` can stand between two slashes of a key."""
    return _SEGMENT.fullmatch(text) is not None


def checked_key(key: str) -> str:
    """The key itself, such as `tracks/<owner>/<track>/<generation>/original`.

    Raises:
        Invalid: empty or odd segments, or more than 512 characters.
    """
    if len(key) > _MAX_KEY_CHARACTERS or _KEY.fullmatch(key) is None:
        raise Invalid("That isn't a name that files are kept under.")
    return key


def joined(segments: Sequence[str]) -> str:
    """Segments as one checked key.

    Raises:
        Invalid: as `checked_key`.
    """
    return checked_key("/".join(segments))
