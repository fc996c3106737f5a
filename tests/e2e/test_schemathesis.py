"""The API keeps its own description, whoever calls it and however wrongly."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.chance import IS_FUZZING, SEED
from tests.support.installation import Installation, running
from tests.support.tree import ROOT

# A run makes the same calls every time; `scripts/fuzz` goes on to others for a minute each.
SAME = ("--generation-deterministic", "--max-examples=40")
OTHERS = (f"--seed={SEED}", "--max-time=60")
LIMIT_S = 900
# Most operations refuse a stranger whatever they say, and elsewhere an administrator is somebody
# like all others: what each has of its own is called, and `scripts/fuzz` calls everything.
NOBODYS = () if IS_FUZZING else ("--max-examples=8",)
ADMINISTRATORS = () if IS_FUZZING else ("--include-path-regex=^/api/v1/admin/",)
SETTINGS = Path(__file__).with_name("schemathesis.toml")

pytestmark = pytest.mark.draws


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """One of its own, since failed logins by the thousand lock an address out."""
    with running(BACKLINE_TRUSTED_PROXIES="127.0.0.1/32", BACKLINE_QUOTA_BYTES="100000000") as own:
        yield own


def test_anonymous(installation: Installation, tmp_path: Path) -> None:
    call_everything(installation, "", tmp_path, NOBODYS)


def test_user(installation: Installation, tmp_path: Path) -> None:
    with installation.add_user() as client:
        call_everything(installation, client.headers["Authorization"], tmp_path)


def test_administrator(installation: Installation, tmp_path: Path) -> None:
    with installation.administrator() as client:
        authorization = client.headers["Authorization"]
        call_everything(installation, authorization, tmp_path, ADMINISTRATORS)


def call_everything(
    installation: Installation, authorization: str, folder: Path, options: tuple[str, ...] = ()
) -> None:
    """Run schemathesis over the description, or what `options` say, with one caller's rights."""
    api = f"{installation.url}/api/v1"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS)]
    command += ["run", f"{api}/openapi.json", "--no-color", *(OTHERS if IS_FUZZING else SAME)]
    command += options
    if authorization:
        command += ["--header", f"Authorization: {authorization}"]

    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.support.api_hooks",
            "FUZZ_URL": api,
            "FUZZ_AUTHORIZATION": authorization,
        },
    )

    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert httpx.get(f"{installation.url}/health/ready").status_code == 200
