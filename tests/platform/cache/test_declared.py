"""Declarations: which path falls under which, and what its tags are."""

import pytest

from backline.main import DOMAINS
from backline.platform.cache.declared import Cached, Plan
from backline.platform.http.application import API_PATH

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
        for domain in DOMAINS
        for route in domain.routes
        for path in getattr(route, "paths", ())
        if "GET" in getattr(route, "http_methods", ())
    }
    declared = {API_PATH + one.path for domain in DOMAINS for one in domain.caches}

    assert declared
    assert declared <= templates
