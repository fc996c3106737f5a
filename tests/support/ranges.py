"""Files of a folder over HTTP with ranges, for players that are tried without the program."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextmanager
def serving_ranges(folder: Path) -> Iterator[str]:
    """The address under which the folder's files are, until the `with` ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = folder / self.path.partition("?")[0].lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            body = path.read_bytes()
            unit, _, span = self.headers.get("Range", "").partition("=")
            first, _, last = span.partition("-")
            start = int(first or 0)
            end = min(int(last) + 1 if last else len(body), len(body))
            self.send_response(206 if unit == "bytes" else 200)
            if unit == "bytes":
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(end - start))
            self.end_headers()
            self.wfile.write(body[start:end])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # inherited
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
