"""Declarations: which path falls under which, and what its tags are."""

import pytest

from backline.main import migrations, program
from backline.platform.cache.declared import LONGEST_S, Cached, CostlyValue, Plan
from backline.platform.domain import Domain, assemble
from backline.platform.front.application import API_PATH

ID = "0190B6A0-0000-7000-8000-00000000000F"
PLAN = Plan(
    "/api",
    [
        Cached("/tracks", "list", 60, ("tracks:{user}",)),
        Cached("/tracks/{track_id:uuid}", "track", 60, ("track:{track_id}", "tracks:{user}")),
    ],
)


def test_a_path_is_found_with_its_tags() -> None:
    match = PLAN.match(f"/api/tracks/{ID}")

    assert match is not None
    assert match.cached.kind == "track"
    assert match.tags("u1") == ["track:0190b6a0000070008000" + "00000000000f", "tracks:u1"]


@pytest.mark.parametrize(
    "path", ["/api/tracks/", "/api/tracks/1", "/tracks", f"/api/tracks/{ID}/x", "/api/tracksx"]
)
def test_other_paths_are_not(path: str) -> None:
    assert PLAN.match(path) is None


def test_a_tag_can_only_name_what_the_path_has() -> None:
    with pytest.raises(KeyError, match="album_id"):
        Plan("", [Cached("/tracks", "list", 60, ("album:{album_id}",))])


def test_each_declaration_of_the_program_is_that_of_a_get() -> None:
    templates = {
        API_PATH + path
        for domain in program().domains
        for route in domain.routes
        for path in getattr(route, "paths", ())
        if "GET" in getattr(route, "http_methods", ())
    }
    declared = {
        API_PATH + one.path
        for domain in program().domains
        for one in domain.caches
        if isinstance(one, Cached)
    }

    assert declared
    assert declared <= templates


def test_costly_values_have_the_lifetimes_that_domains_declare() -> None:
    assert program().declared.lifetimes["stats"] == 60


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([CostlyValue("venues", LONGEST_S + 1)], r"'venues' can't be kept for 21601 s"),
        ([CostlyValue("venues", 0)], "can't be kept for 0 s"),
        ([CostlyValue("stats", 60)], "two costly values of the kind 'stats'"),
    ],
)
def test_costly_values_that_cannot_be_kept_are_refused_at_the_start(
    values: list[CostlyValue], said: str
) -> None:
    further = Domain(name="further", caches=values)

    with pytest.raises(ValueError, match=said):
        assemble([*program().domains, further], migrations())
