"""The letters themselves. What others wrote stands in them as plain words on lines of its own."""

from collections.abc import Sequence
from typing import Final

from backline.accounts import Mailbox
from backline.notifications.letters_sql import Letter
from backline.notifications.unsubscribing import Unsubscribing
from backline.platform.mail import Mail, Message
from backline.platform.notices import NoticeKind

NOTICE: Final = "notice"
DIGEST_WORDS: Final = "the news of the day"
_DIGEST: Final = "digest"
_LISTED: Final = 50


def about(
    mail: Mail,
    links: Unsubscribing,
    to: Mailbox,
    kind: NoticeKind,
    letter: Letter,
    token: str,
    *,
    is_last: bool,
) -> Message:
    """About one notice; the last of an hour says that it is."""
    said = f"{letter.title}\n\n{letter.text}".strip()
    much = (
        "Much is happening: no more such letters come within the hour. What else there is stands "
        f"here:\n\n{mail.base_url}/notifications\n\n"
    )
    text = f"""Hello {to.name},

{said}

{mail.base_url}{letter.path}

{much if is_last else ""}{_end(mail, links, kind.words, token)}"""
    return Message(NOTICE, to.email, letter.title, text, links.one_click(token))


def digest(
    mail: Mail, links: Unsubscribing, to: Mailbox, found: Sequence[Letter], token: str
) -> Message:
    """What is new, the oldest first; of much, the latest."""
    count = len(found)
    lines = "\n\n".join(f"{one.title}\n{mail.base_url}{one.path}" for one in found[-_LISTED:])
    more = f"\n\nAnd {count - _LISTED:,} more before these.\n" if count > _LISTED else "\n"
    things = "one thing is" if count == 1 else f"{count:,} things are"
    text = f"""Hello {to.name},

{things} new that you haven't read:

{lines}
{more}
All of it stands here:

{mail.base_url}/notifications

{_end(mail, links, DIGEST_WORDS, token)}"""
    subject = "One thing is new" if count == 1 else f"{count:,} things are new"
    return Message(_DIGEST, to.email, subject, text, links.one_click(token))


def _end(mail: Mail, links: Unsubscribing, what: str, token: str) -> str:
    return f"""You get letters about {what}. To have no more of them:

{links.page(token)}

What you are told, and how, you choose here:

{mail.base_url}/notifications/settings
"""
