"""The composition root: which domains there are, and what derives from that.

Only here a domain is named outside of its folder. What loads slowly is loaded by whoever needs
it: a supervisor needs no more than the names and the options.
"""

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from backline.platform.settings import Options, Settings
from backline.platform.settings import load as load_with

if TYPE_CHECKING:
    from backline.platform.database.migrating import Migration
    from backline.platform.domain import Program

# In the order that their migrations run: the uploads' stand on what audio released.
DOMAINS: Final = ("accounts", "audio", "uploads", "notifications", "tasks", "concerts", "live")


@cache
def options() -> tuple[Options, ...]:
    """What the domains can be set to; of each, `options` is loaded and nothing else."""
    found = (_alone(f"backline.{name}", "options") for name in DOMAINS)
    return tuple(module.OPTIONS for module in found if module is not None)


def load(environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> Settings:
    """The settings of this program, see `platform.settings.load`.

    Raises:
        SettingsFault: something is wrong; everything that is, is in its text.
    """
    return load_with(environ, flags, options())


def packages() -> tuple[str, ...]:
    """Where migrations lie, in the order that they run."""
    return ("backline.platform", *(f"backline.{name}" for name in DOMAINS))


def migrations() -> "list[Migration]":
    """The whole schema, in the order that it is made; no domain is loaded for it."""
    from backline.platform.database.migrating import find  # noqa: PLC0415  # see above

    return find(packages())


def program() -> "Program":
    """The platform's declarations and every domain's, put together; this loads everything."""
    from backline.platform import domain, wiring  # noqa: PLC0415  # see above

    domains = [import_module(f"backline.{name}.wiring").DOMAIN for name in DOMAINS]
    return domain.assemble([wiring.DOMAIN, *domains], migrations(), on_job=wiring.tell_job)


def _alone(package: str, name: str) -> ModuleType | None:
    """A module of a package without the package's face, which may stand on much."""
    full, found = f"{package}.{name}", find_spec(package)
    if full in sys.modules:
        return sys.modules[full]
    for folder in (found.submodule_search_locations or ()) if found else ():
        spec = spec_from_file_location(full, Path(folder) / f"{name}.py")
        if spec is not None and spec.loader is not None and (Path(folder) / f"{name}.py").is_file():
            sys.modules[full] = module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return None
