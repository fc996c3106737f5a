"""What goes wrong, by the codes that the protocol has for it (OpenSubsonic, `Error`)."""

from enum import IntEnum

from backline.platform.errors import BacklineError, Forbidden, NotFound, Unauthenticated


class Code(IntEnum):
    """The codes that we answer."""

    OTHER = 0
    MISSING = 10
    WRONG_PASSWORD = 40
    CONFLICTING = 43
    WRONG_KEY = 44
    NOT_ALLOWED = 50
    NOT_FOUND = 70


class Refused(BacklineError):
    """A fault that the protocol has a code of its own for."""

    status, kind, title = 400, "subsonic", "That can't be answered"

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def code_of(fault: BacklineError) -> Code:
    """The code of any fault of ours."""
    match fault:
        case Refused():
            return fault.code
        case NotFound():
            return Code.NOT_FOUND
        case Forbidden():
            return Code.NOT_ALLOWED
        case Unauthenticated():
            return Code.WRONG_PASSWORD
        case _:
            return Code.OTHER
