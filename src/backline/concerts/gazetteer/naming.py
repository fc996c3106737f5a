"""Names as they are kept and as they are looked for."""

from collections.abc import Iterable
from typing import Final

from backline.platform.text import words

MAX_LENGTH: Final = 200
_MOST_NAMES: Final = 20
_MOST_WORDS: Final = 12
_LONGEST_WORD: Final = 40
_LONGEST_KEY: Final = 60
_STEM: Final = 3


def clean(name: str) -> str:
    """One line without control characters, cut to what may be kept."""
    plain = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(plain.split())[:MAX_LENGTH].rstrip()


def others(name: str, given: Iterable[str]) -> list[str]:
    """Each other name once, without the first one."""
    found = {cleaned: None for one in given if (cleaned := clean(one)) and cleaned != name}
    return list(found)[:_MOST_NAMES]


def key(name: str) -> str:
    """A name as it is compared: its words, folded. Empty where it has none."""
    return " ".join(word[:_LONGEST_WORD] for word in words(name)[:_MOST_WORDS])


def search(names: Iterable[str]) -> str:
    """The words of all names, each between spaces; a name ends with a bar."""
    found = dict.fromkeys(key(one) for one in names)
    return "".join(f" {one} |" for one in found if one)


def beginnings(names: Iterable[str]) -> list[str]:
    """Each name from each of its words on: what somebody may begin to type."""
    found: dict[str, None] = {}
    for name in names:
        parts = key(name).split()
        for n in range(len(parts)):
            found[" ".join(parts[n:])[:_LONGEST_KEY]] = None
    return list(found)


def typed(text: str) -> str:
    """What somebody has typed, as the beginning of a key."""
    return key(text)[:_LONGEST_KEY]


def stems(name: str) -> list[str]:
    """Patterns that names of some likeness fit: the beginning of any of its words."""
    found = {word[:_STEM]: None for word in key(name).split() if len(word) >= _STEM}
    return [f"% {stem}%" for stem in found] or [f"% {key(name)} |%"]
