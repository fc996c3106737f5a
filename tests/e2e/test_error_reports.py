"""A browser's error comes to the Sentry that the operator named: our policy lets it go there."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.browser import PATIENCE_MS
from tests.support.installation import running, wait_for

PROJECT, KEY = 7, "0123456789abcdef0123456789abcdef"
PLANTED = "planted in the page"


class Sentry(ThreadingHTTPServer):
    """What takes envelopes as Sentry does: a line of JSON, then headers and items in turn."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.items: list[dict[str, Any]] = []
        self.dsn = f"http://{KEY}@127.0.0.1:{self.server_address[1]}/{PROJECT}"


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        path = self.path.partition("?")[0]
        if path == f"/api/{PROJECT}/envelope/" and isinstance(self.server, Sentry):
            lines = [json.loads(line) for line in body.split(b"\n")[1:] if line.startswith(b"{")]
            self.server.items += lines
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
        """Say nothing."""


@contextmanager
def sentry() -> Iterator[Sentry]:
    with Sentry() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_an_error_in_a_browser_is_reported(browser: Browser) -> None:
    with sentry() as taken, running(BACKLINE_SENTRY_DSN=taken.dsn) as installation:
        context = browser.new_context()
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text))
        page.goto(installation.url)
        number = count()

        def is_told() -> bool:
            # Again and again: the code that reports is loaded last, and tells nothing twice.
            text = json.dumps(f"{PLANTED} {next(number)}")
            page.evaluate(f"setTimeout(() => {{ throw new Error({text}); }})")
            return any(PLANTED in json.dumps(item) for item in taken.items)

        wait_for(is_told, "the report", context=lambda: f"{refused}\n{installation.log()}")
        context.close()

    assert [line for line in refused if "Content Security Policy" in line] == []
