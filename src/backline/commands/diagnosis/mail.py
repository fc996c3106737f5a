"""The mail server: whether it lets us in; no message is sent."""

import asyncio

from backline.commands.diagnosis.findings import Finding, fault, ok
from backline.platform.mail import mail_settings, sending
from backline.platform.settings import Settings


def examine(settings: Settings) -> Finding:
    """Knock at its door, as a message would."""
    told = mail_settings(settings)
    if told.server is None:
        return ok("mail", "There is no mail server; messages are kept in the outbox")
    where = f"{told.server.host}:{told.server.port}"
    try:
        asyncio.run(sending.knock(told, told.server))
    except (sending.Refused, sending.Deferred) as found:
        mend = (
            "Correct BACKLINE_SMTP_URL; docs/mail.md says how. Failed messages can be sent again."
        )
        return fault("mail", f"The mail server {where} can't be used", str(found), mend)
    return ok("mail", f"The mail server {where} lets us in")
