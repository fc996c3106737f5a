"""People and their sign-ins: the one domain that the others may know.

Others import from here alone: the events of closed and of deleted accounts, the bookkeeping of room
with the options that say how much there is for each, who may do what in what several people share,
what people are called, how they are reached, and whose accounts are in force.
"""

from backline.accounts.app_passwords import holder
from backline.accounts.members import (
    add_member,
    belonging,
    change_member,
    containers,
    end_container,
    members_among,
    members_of,
    members_tag,
    memberships,
    rank,
    reaches,
    remove_member,
)
from backline.accounts.members_sql import member_of_nothing
from backline.accounts.models import (
    Container,
    Email,
    Member,
    MemberRank,
    Membership,
    Rank,
    UserClosedOrOpened,
    UserDeleted,
)
from backline.accounts.options import AccountOptions
from backline.accounts.reaching import Mailbox, active, known_by, living, mailbox
from backline.accounts.users import charge, check_room, count_made, names, release

__all__ = [
    "AccountOptions",
    "Container",
    "Email",
    "Mailbox",
    "Member",
    "MemberRank",
    "Membership",
    "Rank",
    "UserClosedOrOpened",
    "UserDeleted",
    "active",
    "add_member",
    "belonging",
    "change_member",
    "charge",
    "check_room",
    "containers",
    "count_made",
    "end_container",
    "holder",
    "known_by",
    "living",
    "mailbox",
    "member_of_nothing",
    "members_among",
    "members_of",
    "members_tag",
    "memberships",
    "names",
    "rank",
    "reaches",
    "release",
    "remove_member",
]
