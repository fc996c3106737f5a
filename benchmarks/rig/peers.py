"""What the peers need installed: Node's packages by their lock, Python's in virtualenvs."""

import hashlib
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

_PEERS = Path(__file__).resolve().parents[1] / "peers"


@cache
def node_modules(peer: str) -> None:
    """Install a Node peer's packages as its lock says, unless they are there."""
    folder = _PEERS / peer
    lock = (folder / "package-lock.json").read_bytes()
    mark = folder / "node_modules" / ".installed"
    digest = hashlib.sha256(lock).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return
    if shutil.which("npm") is None:
        sys.exit("Peers need Node 20 or newer and npm. Try: apt-get install nodejs npm")
    print(f"Installing the packages of {peer} …", file=sys.stderr)
    command = [
        "npm",
        "install",
        "--no-save",
        "--no-fund",
        "--no-audit",
        "--ignore-scripts",
        "--loglevel=error",
    ]
    subprocess.run(command, check=True, cwd=folder, stdout=sys.stderr)
    mark.write_text(digest)


@cache
def python_of(peer: str) -> Path:
    """The Python of a virtualenv with a peer's `requirements.txt`, made where it isn't there."""
    folder = _PEERS / peer
    wanted = folder / "requirements.txt"
    venv = folder / ".venv"
    python, mark = venv / "bin/python", venv / ".installed"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if not (mark.exists() and mark.read_text() == digest):
        print(f"Installing the packages of {peer} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", str(wanted)], check=True, stdout=sys.stderr)
        mark.write_text(digest)
    return python
