"""The names that senders give their files: read, whatever they are written in, and cleaned."""

import unicodedata

_MAX_CHARACTERS = 255
_JOINERS = "\u200c\u200d"  # Persian is spelt with them, and many emoji are put together by them


def as_text(given: bytes) -> str:
    """What a name says: UTF-8 (RFC 7578 §5.1), or what old programs on Windows write."""
    try:
        return given.decode()
    except UnicodeDecodeError:
        return given.decode("cp1252", "replace")


def clean_filename(text: str) -> str:
    """A name fit to show and to give back: no folders, no control characters, not too long."""
    base = text.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if c in _JOINERS or not unicodedata.category(c).startswith("C"))
    shown = unicodedata.normalize("NFC", shown).strip().strip(_JOINERS).strip()
    if len(shown) > _MAX_CHARACTERS:
        stem, dot, ending = shown.rpartition(".")
        keeps_ending = dot and len(ending) < 16  # noqa: PLR2004  # longer ones are no endings
        tail = dot + ending if keeps_ending else ""
        shown = (stem if keeps_ending else shown)[: _MAX_CHARACTERS - len(tail)] + tail
    return shown or "unnamed"
