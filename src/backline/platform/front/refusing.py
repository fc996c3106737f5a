"""Answers in the middle of a request, which end its connection and come from no application."""

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from backline.platform.http.headers import date_header, lines_of
from backline.platform.http.problems import PROBLEM_TYPE, problem_of_status


class Refused(Exception):
    """A request that is HTTP, and more of it than is taken."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def refusal(fault: BaseException | None) -> bytes:
    """An answer in the middle of a request, which ends the connection."""
    if isinstance(fault, Refused):
        problem = problem_of_status(fault.status, fault.detail)
    else:
        problem = problem_of_status(400, "This isn't a request of HTTP/1.1 that can be understood.")
    body = msgspec.json.encode(problem)
    headers = [
        *date_header(),
        (b"content-type", PROBLEM_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    return STATUS_LINE[problem.status] + lines_of(headers) + b"\r\n" + body
