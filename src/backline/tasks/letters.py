"""What people are written to about tasks. What somebody typed stands in it bare of any address."""

import re

import msgspec

from backline.accounts import MemberRank
from backline.platform.mail import Mail, Message

_LONGEST = 60
_NOT_PLAIN = re.compile(r"[^\w \-'&+]+")
_MAY: dict[MemberRank, str] = {
    "editor": "read and change everything in it",
    "commenter": "read everything in it and comment",
    "viewer": "read everything in it",
}
INVITATION = "project-invitation"


class Invited(msgspec.Struct, frozen=True):
    """To what somebody is invited, by whom, for how long."""

    who: str
    project: str
    rank: MemberRank
    token: str
    days: int


def invitation(mail: Mail, to: str, invited: Invited) -> Message:
    """Whose link lets somebody into a project, with an account or without one so far."""
    who, project = plain(invited.who) or "somebody", plain(invited.project) or "untitled"
    days = "a day" if invited.days == 1 else f"{invited.days} days"
    text = f"""Hello,

{who} invites you to the project “{project}” at {mail.base_url}.

Open this link to see it:

{mail.base_url}/invitation#{invited.token}

You can {_MAY[invited.rank]}. Without an account yet, make one on the way.

It works once, for {days}. If you don't know who this is from, leave it alone: nothing happens then.
"""
    return Message(INVITATION, to, "You are invited to a project", text)


def plain(said: str) -> str:
    """A name without what could make an address or a call of it, since strangers are sent it."""
    return " ".join(_NOT_PLAIN.sub(" ", said).split())[:_LONGEST]
