"""What axe-core has against a page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def axe_findings(page: Page, url: str | None = None) -> list[str]:
    """Its serious and critical findings, a line each, at `url` or on the page as it is."""
    if not AXE.is_file():
        pytest.skip("axe-core isn't here: run `npm ci` in web/")
    if url is not None:
        page.goto(url)
    page.get_by_role("heading", level=1).first.wait_for(state="attached")
    # Skeletons fade in and out; what is judged is the page that stays.
    page.wait_for_function("() => document.querySelector('.skeleton') === null")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{page.url}: {each['id']}: {each['help']} {[n['target'] for n in each['nodes']]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
