"""The faults of accounts that a client tells from others by their type."""

from backline.platform.errors import Forbidden, Unauthenticated


class LinkExpired(Forbidden):
    """A link out of a mail that was used, is too old, was replaced, or never was one."""

    kind, title = "link-expired", "This link no longer works"


class SecondFactorRequired(Unauthenticated):
    """The password is right, and the account wants a code besides."""

    kind, title = "second-factor-required", "Enter your code, too"


class WrongCode(Unauthenticated):
    """The password is right and the code isn't, or it was used before."""

    kind, title = "wrong-code", "That code isn't right"
