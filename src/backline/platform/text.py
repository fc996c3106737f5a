"""Text as people compare and read it: folded keys for order and for search, and figures in words.

PostgreSQL's own collations depend on the machine's libraries; these keys are the same everywhere.
"""

import re
import unicodedata
from collections.abc import Mapping

# What is to be one line, with something to be read on it. `$` alone would let a line break pass at
# the end, and `\S` any other control character.
LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$(?!\n)"
_ARTICLES = ("the ", "a ", "an ", "der ", "die ", "das ", "le ", "la ", "les ", "el ", "los ")
_KEY_LENGTH = 200
_LAST = "\U0010ffff"
_FIGURES = re.compile(r"[0-9]+")
_FIGURE_DIGITS = 6


def fold(text: str) -> str:
    """Lower case without accents (`Björk` -> `bjork`), spaces collapsed."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def sort_key(text: str) -> str:
    """What a name is sorted by: folded, without a leading article; empty names come last."""
    folded = fold(text)
    for article in _ARTICLES:
        if folded.startswith(article) and len(folded) > len(article):
            folded = folded[len(article) :]
            break
    return folded[:_KEY_LENGTH] or _LAST


def shelf_key(text: str) -> str:
    """What a name is put on a shelf by: as `sort_key`, with figures by value, `Vol. 2` before 10.

    Signs in front, as of `"Heroes"` and `…And Justice`, don't count where something follows.
    """
    key = sort_key(text.lstrip(_signs_in_front(text)) or text)
    return _FIGURES.sub(lambda match: match[0].zfill(_FIGURE_DIGITS), key)[:_KEY_LENGTH]


def _signs_in_front(text: str) -> str:
    return "".join({char for char in text if not char.isalnum() and not char.isspace()}) + " "


def words(text: str) -> list[str]:
    """The words of a text, folded: runs of letters and digits."""
    separated = "".join(c if c.isalnum() else " " for c in fold(text))
    return separated.split()


def counted(figures: Mapping[str, int]) -> str:
    """Figures as a person reads them, `people: 3, tracks: 8`; sizes (`…_bytes`) are left out."""
    return ", ".join(f"{what}: {n}" for what, n in figures.items() if not what.endswith("_bytes"))


def document(*texts: str) -> str:
    """What is searched, as input of `to_tsvector('simple', …)`."""
    return " ".join(word[:64] for text in texts for word in words(text))[:4_000]


def query(text: str) -> str | None:
    """What is looked for, as input of `to_tsquery('simple', …)`: all words, as beginnings.

    None where the text has no word at all.
    """
    wanted = words(text)[:12]
    return " & ".join(f"{word[:64]}:*" for word in wanted) or None


def marked_words(mark: str, *texts: str) -> list[str]:
    """What is searched, as input of `array_to_tsvector`: each word once, behind `mark`.

    An index over everybody's words then has each owner's in a place of their own, and a search
    costs what theirs are, not what there are.
    """
    found = {word[:64]: None for text in texts for word in words(text)}
    return [f"{mark}:{word}" for word in list(found)[:600]]


def marked_query(mark: str, text: str) -> str | None:
    """What is looked for among words behind `mark`, as a `tsquery`: all words, as beginnings.

    None where the text has no word at all.
    """
    return " & ".join(f"'{mark}:{word[:64]}':*" for word in words(text)[:12]) or None
