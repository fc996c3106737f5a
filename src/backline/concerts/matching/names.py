"""Whether two names are one venue's: by the words that tell venues apart, spelling aside."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from backline.platform.text import words

# Words that many venues share: in common they say little, and one may lack them.
_PLAIN: Final = frozenset(
    """
    a an the at in of and und y et de la le les el los das der die den il lo du des dos da do
    music live bar pub room rooms venue open air main upstairs downstairs studio stage
    """.split()  # noqa: SIM905  # nobody reads thirty quoted words
)
# What kind of house it is: two kinds are two houses, whatever else their names share.
_KINDS: Final = {
    **dict.fromkeys(("theatre", "theater", "teatro", "theatro"), "theatre"),
    **dict.fromkeys(("center", "centre", "centro", "zentrum"), "centre"),
    **dict.fromkeys(("stadium", "stadion", "stade", "estadio"), "stadium"),
    **dict.fromkeys(("hall", "halle", "sala", "salle"), "hall"),
    **{
        kind: kind for kind in ("club", "arena", "academy", "park", "opera", "ballroom", "festival")
    },
}
_SPELLED: Final = {"st": "saint", "ste": "sainte", "mt": "mount", "n": "and"}
_PLAIN_WEIGHT, _KIND_WEIGHT = 0.1, 0.3
_LONGER: Final = 0.85  # one name has all words of the other, and more
_OTHER_KIND: Final = 0.7


def likeness(name: str, others: Iterable[str]) -> float:
    """How alike a name is to the nearest of `others`: 0 (nothing shared) to 1 (the same words)."""
    return max((_likeness(name, other) for other in others), default=0.0)


@lru_cache(maxsize=50_000)
def _likeness(one: str, other: str) -> float:
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0.0
    if left == right or "".join(left) == "".join(right):
        return 1.0
    shared = 0.0
    for word in list(left):
        best = word if word in right else next((w for w in right if _are_alike(word, w)), None)
        if best is not None:
            left.remove(word)
            right.remove(best)
            shared += min(_weight(word), _weight(best)) * (1.0 if word == best else 0.95)
    return shared and _judged(shared, left, right)


def houses(name: str) -> frozenset[str]:
    """The kinds of house that a name tells of, however they are spelled."""
    return frozenset(word for word in _words(name) if word in _KINDS.values())


def _judged(shared: float, left: Sequence[str], right: Sequence[str]) -> float:
    """What the words that are left over on either side make of those that are shared."""
    rest = sorted(sum(map(_weight, words)) for words in (left, right))
    # What only one of them has may be a city or a room; what both have of their own is a quarrel.
    found = shared / (shared + 2 * rest[0])
    if rest[1] >= 1:
        found *= _LONGER
    kinds = [{word for word in words if word in _KINDS.values()} for words in (left, right)]
    if all(kinds):
        found *= _OTHER_KIND
    return min(found, 1.0) if shared >= 0.9 else found * shared  # noqa: PLR2004  # a real word


def _words(name: str) -> list[str]:
    found = words(name.replace("&", " and ").replace("'", "").replace("\u2019", ""))
    found = [_SPELLED.get(word) or _kind_of(word) or word for word in found]
    if len(found) > 1 and found[0] == "the":
        return found[1:]
    return found


@lru_cache(maxsize=10_000)
def _kind_of(word: str) -> str | None:
    """The kind of house that a word means, a letter too many or too few aside ("cluub")."""
    if word in _KINDS:
        return _KINDS[word]
    near = (name for name in _KINDS if len(name) != len(word) and _are_alike(word, name))
    return _KINDS.get(next(near, ""))


def _weight(word: str) -> float:
    if word in _PLAIN:
        return _PLAIN_WEIGHT
    return _KIND_WEIGHT if word in _KINDS.values() else 1.0


@lru_cache(maxsize=100_000)
def _are_alike(one: str, other: str) -> bool:
    """Whether two words are the same but for a slip: one letter, in long words two."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4 or one[0] != other[0]:  # noqa: PLR2004  # short words have no slips to spare
        return False
    return _slips(one, other) <= (2 if shorter >= 8 else 1)  # noqa: PLR2004


def _slips(one: str, other: str) -> int:
    """Letters put in, left out, changed (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, its in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != its))
    return row[-1]
