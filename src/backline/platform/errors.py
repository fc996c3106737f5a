"""The faults that domain code raises; `platform.http.problems` alone turns them into HTTP."""

import msgspec


class FieldFault(msgspec.Struct, frozen=True):
    """One field that was refused: where it stands (`a.b[2]`) and what is wrong with it."""

    field: str
    detail: str


class BacklineError(Exception):
    """A fault that a person or a program can act on.

    `detail` says in a sentence or two what happened, why, and what to do. It is shown to
    the caller, so it never holds a secret.
    """

    status = 500
    kind = "internal"
    title = "Something went wrong"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(BacklineError):
    """The request can be read but not accepted as it is."""

    status, kind, title = 422, "invalid", "That can't be accepted"

    def __init__(self, detail: str, *faults: FieldFault) -> None:
        super().__init__(detail)
        self.faults = faults


class Unauthenticated(BacklineError):
    """Nobody is signed in, or no longer."""

    status, kind, title = 401, "unauthenticated", "Please sign in"


class Forbidden(BacklineError):
    """The caller is known and may not do this."""

    status, kind, title = 403, "forbidden", "Not allowed"


class NotFound(BacklineError):
    """It doesn't exist, or belongs to someone else: the answer is the same."""

    status, kind, title = 404, "not-found", "Not found"


class Conflict(BacklineError):
    """The thing isn't in a state that allows this."""

    status, kind, title = 409, "conflict", "That doesn't fit the present state"


class PreconditionFailed(BacklineError):
    """The caller's `If-Match` names a version that is no longer the present one."""

    status, kind, title = 412, "precondition-failed", "Someone changed it in between"


class TooLarge(BacklineError):
    """More bytes than are taken."""

    status, kind, title = 413, "too-large", "Too large"


class Unsupported(BacklineError):
    """A kind of content that isn't understood."""

    status, kind, title = 415, "unsupported", "Unsupported kind of content"


class TooMany(BacklineError):
    """A limit is reached; `retry_after_s` says when to come again, `policies` which it is."""

    status, kind, title = 429, "quota-exceeded", "Too many requests"

    def __init__(self, detail: str, *, retry_after_s: int, policies: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        self.policies = policies


class Unavailable(BacklineError):
    """A part that is needed is down for the moment."""

    status, kind, title = 503, "unavailable", "Not available just now"

    def __init__(self, detail: str, *, retry_after_s: int = 5) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class OutOfSpace(BacklineError):
    """No room: a person's quota or the server's disk."""

    status, kind, title = 507, "out-of-space", "No room left"


class DiskFull(OutOfSpace):
    """The server's disk is full or at its floor: nobody's file is at fault, and it will pass."""
