"""Chromium for journeys, steered by Playwright: a wide page and a phone's."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
PATIENCE_MS = 30_000
# How many times slower pages compute than the machine could: with 6 or so, what only works because
# a page is done before the next key comes is found in one run (CONTRIBUTING, "Write a test").
SLOWER = float(os.environ.get("BACKLINE_TESTS_SLOWER_PAGES", "1"))
expect.set_options(timeout=PATIENCE_MS)


# By module, since Playwright's loop is in the way of asynchronous tests while it runs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium isn't here (on Debian or Ubuntu: apt-get install chromium)")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=OPTIONS + sandbox)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A wide page of a fresh profile; the test fails if a script on it does."""
    with _opened(browser, width=1440, height=900) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """The same on a phone."""
    with _opened(browser, width=390, height=844, has_touch=True) as opened:
        yield opened


@contextmanager
def _opened(
    browser: Browser, *, width: int, height: int, has_touch: bool = False
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=has_touch, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    if SLOWER > 1:
        devtools = context.new_cdp_session(opened)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.extend(_fault(message)))
    try:
        yield opened
    finally:
        context.close()
    assert faults == []


def _fault(message: ConsoleMessage) -> list[str]:
    """What a policy refused; other messages, such as a 401 on the way, are the page's own."""
    refused = "Content Security Policy" in message.text
    return [message.text] if message.type == "error" and refused else []
