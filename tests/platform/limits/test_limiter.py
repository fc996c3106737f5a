"""The decision of one process that counts alone."""

from backline.platform.limits import Limiter, Policy
from backline.platform.limits.process import ProcessLimits

TOKEN = Policy("token", 10, 86_400, "token")
API = Policy("api", 3, 86_400, "user")
BOTH, ADA = (TOKEN, API), ("a token", "ada")


async def test_what_is_decided_at_once_is_counted_as_if_it_had_been_waited_for() -> None:
    limiter = Limiter(ProcessLimits())

    left = [limiter.take_here(BOTH, ADA), await limiter.take(BOTH, ADA)]

    assert [[one.remaining for one in standings or ()] for standings in left] == [[9, 2], [8, 1]]


async def test_a_request_that_one_policy_refuses_is_counted_by_none_at_once() -> None:
    limiter = Limiter(ProcessLimits())
    for _ in range(API.quota):
        await limiter.take(BOTH, ADA)

    refused = [limiter.take_here(BOTH, ADA) for _ in range(5)]
    (standing,) = await limiter.take((TOKEN,), ADA[:1])

    assert refused == [None] * 5
    assert standing.remaining == TOKEN.quota - API.quota - 1
