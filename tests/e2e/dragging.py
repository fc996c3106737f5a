"""Moving things by the keyboard, as people do who can't or won't drag."""

import re

from playwright.sync_api import Locator, expect


def lift(grip: Locator) -> None:
    """Take up what a grip belongs to, as far as keys move it: it is said where it is over."""
    grip.focus()
    grip.press("Space")
    expect(grip).to_have_attribute("aria-pressed", "true")
    expect(grip.page.get_by_text(re.compile(r"is over ")).first).to_be_attached()
    # Keys are heard from the next turn of the page's timers on.
    grip.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
