"""The installation's secret, in real files."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backline.platform.secrets import SecretFault, load_or_make_secrets, load_secrets


def write_roots(path: Path, *roots: tuple[str, bytes]) -> Path:
    entries = [{"id": name, "key": base64.b64encode(key).decode()} for name, key in roots]
    path.write_text(json.dumps({"roots": entries}))
    path.chmod(0o600)
    return path


def test_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    first = load_or_make_secrets(path)
    second = load_or_make_secrets(path)

    assert first.signing_key("media") == second.signing_key("media")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secrets.json"]


def test_many_processes_at_once_make_one_secret(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from backline.platform.secrets import load_or_make_secrets as load;"
        "print(load(Path(sys.argv[1])).signing_key('x').secret.hex())"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "secrets.json")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    makers = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, env=environment) for _ in range(4)
    ]

    keys = {maker.communicate(timeout=60)[0] for maker in makers}
    assert len(keys) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["secrets.json"]


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    secrets = load_or_make_secrets(tmp_path / "secrets.json")

    made = {secrets.signing_key(purpose).secret for purpose in ("media", "cursor", "watermark")}

    assert len(made) == 3
    assert {len(key) for key in made} == {32}


def test_keys_match_rfc_5869(tmp_path: Path) -> None:
    root = bytes(range(40))
    secrets = load_secrets(write_roots(tmp_path / "s.json", ("a1", root)))

    import hashlib
    import hmac

    extracted = hmac.digest(b"backline/keys/1", root, hashlib.sha256)
    expected = hmac.digest(extracted, b"media\x01", hashlib.sha256)
    assert secrets.signing_key("media").secret == expected


def test_the_first_root_signs_and_all_verify(tmp_path: Path) -> None:
    old, new = ("old", b"o" * 32), ("new", b"n" * 32)
    before = load_secrets(write_roots(tmp_path / "before.json", old))

    after = load_secrets(write_roots(tmp_path / "after.json", new, old))

    assert after.signing_key("media").id == "new"
    assert after.keys("media")["old"] == before.signing_key("media")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = write_roots(tmp_path / "s.json", ("a", b"k" * 32))
    path.chmod(mode)

    with pytest.raises(SecretFault, match="open to other users"):
        load_secrets(path)


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    path = write_roots(tmp_path / "s.json", ("a", b"k" * 31))

    with pytest.raises(SecretFault, match="31 bytes and needs at least 32"):
        load_secrets(path)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"roots": []}', '{"roots": [{"id": "../x", "key": ""}]}', "x" * 70_000,
     '{"roots": [{"id": "a", "key": "not base64"}]}'],
)  # fmt: skip
def test_what_is_no_secret_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(SecretFault):
        load_secrets(path)


def test_a_missing_secret_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SecretFault, match="openssl rand -base64 32"):
        load_secrets(tmp_path / "s.json")


def test_nothing_shows_the_secret(tmp_path: Path) -> None:
    key = b"very secret bytes that are shown" + b"!"
    path = write_roots(tmp_path / "s.json", ("a", key), ("b", b"short"))

    with pytest.raises(SecretFault) as fault:
        load_secrets(path)
    secrets = load_secrets(write_roots(path, ("a", key)))

    shown = repr(secrets) + repr(secrets.signing_key("x")) + str(secrets.keys("x"))
    told = str(fault.value) + shown
    assert "secret bytes" not in told
    assert base64.b64encode(b"short").decode() not in told
    assert repr(secrets.signing_key("x").secret) not in told
