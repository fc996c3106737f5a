"""The table of contents of boards, and the program with them in it."""

from backline import main
from backline.platform import domain
from backline.platform import wiring as platform
from backline.platform.cache import Cached
from backline.platform.database.migrating import Migration, find
from tests.support.boards import boards, web

DOMAIN = domain.Domain(
    name="boards",
    routes=web.ROUTES,
    caches=[
        Cached("/boards", "boards", 300, ("boards:{user}",), shared=True),
        Cached("/boards/{board_id:uuid}", "board", 300, ("board:{board_id}",), shared=True),
        Cached("/boards/{board_id:uuid}/members", "members", 300, ()),
    ],
    topics={boards.TOPIC: "boards:read"},
)


def migrations() -> list[Migration]:
    """The whole schema, with boards."""
    return [*main.migrations(), *find([__package__ or ""])]


def program() -> domain.Program:
    """The whole program, with boards."""
    return domain.assemble(
        [*main.program().domains, DOMAIN], migrations(), on_job=platform.tell_job
    )
