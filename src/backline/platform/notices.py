"""What a domain says of the notices that it writes to people: each kind, and how it is told.

How a person is told, and what they chose, is the business of `backline.notifications`.
"""

import msgspec


class NoticeKind(msgspec.Struct, frozen=True):
    """A kind of notice. `name` begins with its domain's: `tasks.assigned`.

    `words` complete "You are told about": `tasks that somebody assigns to you`. `page` and `mail`
    say how people are told who haven't chosen: on the page, and at once by mail. By mail only what
    somebody would otherwise come too late for.
    """

    name: str
    words: str
    page: bool = True
    mail: bool = False
