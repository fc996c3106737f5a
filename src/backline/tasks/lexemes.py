"""What is searched of a task: its words and labels, behind a mark of its owner."""

from collections.abc import Sequence
from uuid import UUID

from backline.platform import text

_MARK_DIGITS = 10  # the last of an id are random


def lexemes(owner_id: UUID, title: str, description: str, labels: Sequence[str]) -> list[str]:
    """A task's lexemes, for `array_to_tsvector`."""
    mark = _mark(owner_id)
    tags = [_tag(mark, label) for label in labels]
    return [*text.marked_words(mark, title, *labels, description), *dict.fromkeys(tags)]


def query(owner_id: UUID, words: str, labels: Sequence[str]) -> str | None:
    """A `tsquery` for tasks with all these words (as beginnings) and labels; None: no condition."""
    mark = _mark(owner_id)
    tags = [_quoted(_tag(mark, label)) for label in labels]
    wanted = text.marked_query(mark, words)
    return " & ".join([*([wanted] if wanted else []), *tags]) or None


def _tag(mark: str, label: str) -> str:
    """A label as one lexeme."""
    return f"{mark}#{text.fold(label)}"


def _quoted(lexeme: str) -> str:
    """A lexeme as a `tsquery` takes it, whatever characters it has."""
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _mark(owner_id: UUID) -> str:
    return owner_id.hex[-_MARK_DIGITS:]
