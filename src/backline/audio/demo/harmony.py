"""Chords by their names, as MIDI notes."""

import re
from typing import Final

_ROOTS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_KINDS: Final = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "6": (0, 4, 7, 9),
    "7": (0, 4, 7, 10),
    "9": (0, 4, 10, 14),
    "13": (0, 4, 10, 14, 21),
    "7b9": (0, 4, 10, 13),
    "sus": (0, 5, 7),
    "m7": (0, 3, 7, 10),
    "m9": (0, 3, 7, 10, 14),
    "maj7": (0, 4, 7, 11),
    "maj9": (0, 4, 7, 11, 14),
    "add9": (0, 4, 7, 14),
}


def chord(name: str, low: int = 48) -> list[int]:
    """The notes of `Dm9` or `F#m7` from the first such root at or above `low`."""
    match = re.fullmatch(r"([A-G])([#b]?)(.*)", name)
    if match is None or match[3] not in _KINDS:
        raise ValueError(name)
    root = low + (root_of(name) - low) % 12
    return [root + step for step in _KINDS[match[3]]]


def root_of(name: str) -> int:
    """The pitch class, 0 to 11, of a chord's root."""
    sign = {"#": 1, "b": -1}.get(name[1:2], 0)
    return (_ROOTS[name[0]] + sign) % 12


def close(name: str, low: int) -> list[int]:
    """The notes of a chord folded into the octave above `low`, so that chords lead softly."""
    return sorted({low + (note - low) % 12 for note in chord(name)})


def deep(name: str, low: int = 33) -> int:
    """The root for a bass."""
    return low + (root_of(name) - low) % 12
