"""What people are written to about their accounts. Nothing that a stranger typed stands in them."""

from backline.platform.mail import Mail, Message


def verify(mail: Mail, to: str, token: str) -> Message:
    """Whose link shows that the address is theirs."""
    text = f"""Hello,

somebody, hopefully you, made an account at {mail.base_url} with this e-mail address.

Open this link to confirm that the address is yours:

{mail.base_url}/verify#{token}

It works for three days. If it wasn't you, leave it alone: without it nothing happens.
"""
    return Message("verify", to, "Confirm your e-mail address", text)


def known(mail: Mail, to: str) -> Message:
    """To the owner of an address that somebody tried to register again."""
    text = f"""Hello,

somebody, perhaps you, tried to make an account at {mail.base_url} with this e-mail address, which
has one already. Nothing was changed.

Sign in here:

{mail.base_url}/sign-in

If you have forgotten your password, choose a new one from there.
"""
    return Message("known", to, "You have an account already", text)


def reset(mail: Mail, to: str, token: str) -> Message:
    """Whose link lets them choose a new password."""
    text = f"""Hello,

somebody, hopefully you, asked for a new password for your account at {mail.base_url}.

Open this link to choose one:

{mail.base_url}/reset#{token}

It works once, for one hour. If it wasn't you, leave it alone: your password stays as it is.
"""
    return Message("reset", to, "Choose a new password", text)


def was_reset(mail: Mail, to: str) -> Message:
    """That the password was changed by such a link."""
    text = f"""Hello,

the password of your account at {mail.base_url} has just been changed by a link that we sent you,
and everybody who was signed in has been signed out. API tokens still work; if somebody else may
have one, revoke it in your settings.

If it wasn't you, ask for a new password at once, and have a look at who can read your mail:

{mail.base_url}/forgot
"""
    return Message("was-reset", to, "Your password was changed", text)
