"""Text as people compare it: folded keys for order and for search, without the database's help.

PostgreSQL's own collations depend on the machine's libraries; these keys are the same everywhere.
"""

import unicodedata

_ARTICLES = ("the ", "a ", "an ", "der ", "die ", "das ", "le ", "la ", "les ", "el ", "los ")
_KEY_LENGTH = 200


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
    return folded[:_KEY_LENGTH] or "\U0010ffff"


def words(text: str) -> list[str]:
    """The words of a text, folded: runs of letters and digits."""
    separated = "".join(c if c.isalnum() else " " for c in fold(text))
    return separated.split()


def document(*texts: str) -> str:
    """What is searched, as input of `to_tsvector('simple', …)`."""
    return " ".join(word[:64] for text in texts for word in words(text))[:4_000]


def query(text: str) -> str | None:
    """What is looked for, as input of `to_tsquery('simple', …)`: all words, as beginnings.

    None where the text has no word at all.
    """
    wanted = words(text)[:12]
    return " & ".join(f"{word[:64]}:*" for word in wanted) or None
