"""Messages to people: composed and queued in the caller's transaction, sent by a durable job.

Without a mail server they are kept, and administrators read them: the face of this package.
"""

from backline.platform.mail.outbox import Message as Message
from backline.platform.mail.outbox import enqueue as enqueue
from backline.platform.mail.outbox import recent as recent
from backline.platform.mail.settings import Mail as Mail
from backline.platform.mail.settings import mail_settings as mail_settings
