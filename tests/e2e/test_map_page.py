"""The map of one's concerts in the browser: points and their list, moved by pointer and keys."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_photos_pages import enter
from tests.support.installation import Installation, running

pytestmark = pytest.mark.concerts
PATH = "/concerts/map"
VENUES = [
    ("Astra Kulturhaus", "Berlin", "DE", 52.5072, 13.4518, 3),
    ("Lido", "Berlin", "DE", 52.4994, 13.4451, 1),
    ("Roundhouse", "London", "GB", 51.5432, -0.1519, 2),
    ("Budokan", "Tokyo", "JP", 35.6933, 139.7499, 1),
]


def fill(user: httpx.Client) -> None:
    """Seven concerts at these venues, and one nobody knows where."""
    for name, city, country, latitude, longitude, count in VENUES:
        location = {"latitude": latitude, "longitude": longitude}
        venue = {"name": name, "city": city, "country_code": country, "location": location}
        for n in range(count):
            form = {"held_on": f"2024-05-0{n + 1}", "venue": venue, "bill": [{"name": f"Band {n}"}]}
            user.post("/concerts", json=form).raise_for_status()
    user.post("/concerts", json={"held_on": "2024-06-01"}).raise_for_status()


def ground(page: Page) -> str:
    """The map's pixels, once the coastlines are drawn."""
    return page.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def test_venues_stand_on_the_map_and_in_its_list(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    fill(user)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    enter(page, installation, user, PATH)

    world = page.get_by_role("application", name=re.compile("^Map"))
    berlin = world.get_by_role("button", name="Berlin, 4 concerts at 2 venues")
    expect(berlin).to_be_visible()
    expect(world.get_by_role("button", name="Budokan, 1 concert")).to_be_visible()
    listed = page.get_by_role("region", name="4 venues").get_by_role("link")
    expect(listed).to_have_count(4)
    expect(listed.first).to_contain_text("Astra Kulturhaus")
    expect(page.get_by_text("1 concert more took place where nobody knows.")).to_be_visible()
    assert axe_findings(page) == []

    far = ground(page)
    berlin.click()
    lido = world.get_by_role("button", name="Lido, 1 concert")
    expect(lido).to_be_visible()
    expect(page.get_by_role("region", name="2 of 4 venues").get_by_role("link")).to_have_count(2)
    page.wait_for_function(
        "before => document.querySelector('canvas').toDataURL() !== before", arg=far
    )
    close = lido.get_attribute("style") or ""
    world.focus()
    page.keyboard.press("ArrowLeft")
    expect(lido).not_to_have_attribute("style", close)
    page.keyboard.press("0")
    expect(berlin).to_be_visible()

    world.get_by_role("button", name="Budokan, 1 concert").click()
    expect(page).to_have_url(re.compile(r"/concerts/venues/[0-9a-f-]+$"))
    expect(page.get_by_role("heading", name="Budokan")).to_be_visible()
    assert all(url.startswith((installation.url, "data:", "blob:")) for url in asked)


def test_the_map_is_moved_by_wheel_and_drag(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    fill(user)
    enter(page, installation, user, PATH)
    world = page.get_by_role("application", name=re.compile("^Map"))
    berlin = world.get_by_role("button", name="Berlin, 4 concerts at 2 venues")
    expect(berlin).to_be_visible()
    place = berlin.bounding_box()
    assert place is not None

    page.mouse.move(place["x"], place["y"] + 40)
    for _ in range(12):
        page.mouse.wheel(0, -400)
    expect(page.get_by_role("region", name=re.compile("of 4 venues"))).to_be_visible()
    page.get_by_role("button", name="Show everything").click()
    expect(page.get_by_role("region", name="4 venues")).to_be_visible()

    expect(berlin).to_be_visible()
    before = berlin.bounding_box()
    assert before is not None
    page.get_by_role("button", name="Zoom in").click()
    page.mouse.move(before["x"] - 60, before["y"] + 90)
    page.mouse.down()
    page.mouse.move(before["x"] - 160, before["y"] + 90, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(rf"{PATH}$"))
    expect(page.get_by_role("button", name="Show everything")).to_be_enabled()


def test_the_map_is_for_everybody_and_for_phones(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    enter(phone, installation, user, PATH)
    expect(phone.get_by_role("heading", name="Nothing on the map yet")).to_be_visible()
    assert axe_findings(phone) == []
    fill(user)
    phone.reload()

    expect(phone.get_by_role("region", name="4 venues").get_by_role("link")).to_have_count(4)
    wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, "it scrolls sideways"
    assert axe_findings(phone) == []
    phone.get_by_role("link", name=re.compile("Roundhouse")).tap()
    expect(phone.get_by_role("heading", name="Roundhouse")).to_be_visible()


def test_what_cannot_be_read_says_so(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    fill(user)
    enter(page, installation, user, "/concerts")
    refusal = '{"title": "Down", "detail": "The server is being mended."}'
    page.route(
        re.compile(r"/api/v1/concerts/map$"),
        lambda route: route.fulfill(
            status=403, content_type="application/problem+json", body=refusal
        ),
    )

    page.get_by_role("link", name="Map", exact=True).click()

    expect(page.get_by_text("The server is being mended.")).to_be_visible()
    page.unroute(re.compile(r"/api/v1/concerts/map$"))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("region", name="4 venues")).to_be_visible()


class Squares(BaseHTTPRequestHandler):
    """A tile server: a coloured square with its name for each tile, and none in the far north."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Referer"]))
        zoom, x, y = map(int, re.findall(r"\d+", self.path))
        if y < 2**zoom // 8:
            self.send_error(404)
            return
        square = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
            f'<rect width="256" height="256" fill="hsl({(x * 47 + y * 71) % 360} 40% 85%)"/>'
            f'<path d="M0 128h256M128 0v256" stroke="white" stroke-width="9"/>'
            f'<text x="8" y="24">{zoom}/{x}/{y}</text></svg>'
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml")
        self.send_header("Content-Length", str(len(square)))
        self.end_headers()
        self.wfile.write(square)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def tiles() -> Iterator[str]:
    """The address of a tile server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Squares)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.svg"
    server.shutdown()
    thread.join()
    server.server_close()


def test_streets_come_from_the_server_that_the_operator_names(tiles: str, page: Page) -> None:
    Squares.asked.clear()
    with running(BACKLINE_MAP_TILES_URL=tiles, BACKLINE_MAP_TILES_CREDIT="© Squares") as own:
        with own.add_user() as user:
            fill(user)
            enter(page, own, user, PATH)
        world = page.get_by_role("application", name=re.compile("^Map"))
        expect(world.get_by_text("© Squares")).to_be_visible()
        there = world.locator("img[class]")
        expect(there.first).to_be_visible()
        expect(world.locator("img:not([class])")).to_have_count(0)
        assert axe_findings(page) == []

        world.get_by_role("button", name="Berlin, 4 concerts at 2 venues").click()
        expect(there.nth(5)).to_be_visible()

    assert {referer for _, referer in Squares.asked} == {f"{own.url}/"}
    assert len({path for path, _ in Squares.asked}) > 8
