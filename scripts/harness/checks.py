"""The checks that `scripts/test` runs: all, the everyday ones, and those of a part by its name."""

from pathlib import Path

from harness.running import Check

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/backline"
UNIT = "not (slow or e2e or chaos or alone)"

# The first ones share the machine two at a time, the longest before all; those `alone` follow one
# after the other. The three of the pages are `npm run check`.
FAST = (
    Check("web lint", ("npm", "run", "check:lint"), folder="web"),
    Check("pyright", ("pyright",)),
    Check("web types", ("npm", "run", "check:types"), folder="web"),
    Check("web tests", ("npm", "run", "check:tests"), folder="web"),
    Check("ruff check", ("ruff", "check", ".")),
    Check("ruff format", ("ruff", "format", "--check", ".")),
    Check("import-linter", ("lint-imports", "--no-cache")),
    Check("unit tests", ("pytest", "-n2", "-m", UNIT), tests=True, alone=True, limit_s=900),
)
# Most of what these do is wait, so two share the machine, each with the files of its own, in the
# order of `tests/conftest.py`. Those whose promise is a time, such as a change that is seen within
# a second, have it to themselves.
SHARED = ("pytest", "-n2", "--dist=loadfile", "--no-loadscope-reorder", "-m")
REST = (
    Check("long tests", (*SHARED, f"not ({UNIT}) and not alone"), tests=True, alone=True,
          limit_s=3600),
    Check("tests alone", ("pytest", "-m", "alone"), tests=True, alone=True, limit_s=1200),
)  # fmt: skip


def parts(source: Path = SOURCE) -> list[str]:
    """The names of what the program is made of: its domains, the platform, the commands."""
    return sorted(path.parent.name for path in source.glob("*/__init__.py"))


def checks_for(arguments: list[str]) -> tuple[Check, ...]:
    """What the arguments stand for; nothing if they are pytest's."""
    if not arguments:
        return FAST + REST
    if arguments == ["fast"]:
        return FAST
    if len(arguments) == 1 and arguments[0] in parts():
        return _of_part(arguments[0])
    return ()


def _of_part(name: str) -> tuple[Check, ...]:
    """The tests that carry a part's marker, see `tests/conftest.py`, and those of its pages."""
    checks = [
        check._replace(command=(*check.command[:-1], f"{name} and {check.command[-1]}"),
                       may_be_empty=True)
        for check in FAST + REST
        if check.tests
    ]  # fmt: skip
    pages = [
        folder for folder in (f"src/{name}/", f"tests/{name}/") if (ROOT / "web" / folder).is_dir()
    ]
    if pages:
        checks.insert(0, Check("web tests", ("npx", "vitest", "run", "--passWithNoTests", *pages),
                               folder="web"))  # fmt: skip
    return tuple(checks)
