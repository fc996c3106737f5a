"""The bounded count in a process."""

from backline.platform.limits.policies import Policy
from backline.platform.limits.process import MOST_KEYS, ProcessLimits

API = Policy("api", 100, 86_400, "user")


def test_a_flood_of_keys_neither_grows_the_memory_nor_frees_who_is_blocked() -> None:
    limits = ProcessLimits(most_keys=1_000)
    while limits.take(API, "blocked").allowed:
        pass

    for number in range(20_000):
        limits.take(API, f"fresh {number}")

    assert not limits.take(API, "blocked").allowed
    assert len(limits) == 1_000


def test_there_is_room_for_200_000_keys() -> None:
    assert MOST_KEYS >= 200_000


def test_the_whole_quota_may_go_at_once() -> None:
    limits = ProcessLimits()

    assert all(limits.take(API, "ada").allowed for _ in range(API.quota))
