"""Kinds of notices for tests, declared by a domain of their own; and what people are told."""

from typing import Any
from uuid import UUID

from backline.main import migrations, program
from backline.notifications import Notice, NoticeKind
from backline.platform import wiring
from backline.platform.domain import Domain, Program, assemble

QUIET = NoticeKind("choir.sang", "what the choir sang")
LOUD = NoticeKind("choir.called", "rehearsals that you are called to", mail=True)


def everything() -> Program:
    """The program with a choir."""
    choir = Domain(name="choir", notices=[QUIET, LOUD])
    return assemble([*program().domains, choir], migrations(), on_job=wiring.tell_job)


def notice(to: UUID | str, reason: str = "once", **said: Any) -> Notice:
    """A notice to somebody."""
    usual = {"kind": QUIET, "title": "Ben sang “Mañana”", "path": "/tasks"}
    return Notice(to=UUID(str(to)), reason=reason, **{**usual, **said})
