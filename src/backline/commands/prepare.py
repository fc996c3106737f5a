"""`backline migrate`, and `prepare`: what has to be done before the others may begin."""

import sys

import uvloop

from backline.commands.role import Role, enter
from backline.platform.lifeline import Prepared
from backline.platform.migrations import migrate
from backline.platform.secrets import load_or_make_secrets, load_secrets


def run_migrate() -> int:
    """Bring the schema up to date, and tell the link to the first administrator; the exit code."""
    role = enter()
    uvloop.run(_migrate(role))
    return 0


async def _migrate(role: Role) -> None:
    for migration in await migrate(role.settings.direct_dsn, role.main.migrations()):
        sys.stdout.write(f"Applied {migration.package}/{migration.name}\n")
    sys.stdout.write("The schema is up to date.\n")
    link = await role.main.setup_link(role.settings)
    if link is not None:
        sys.stdout.write(f"Make the first administrator: {link}\n")


def run_prepare() -> int:
    """Secrets, schema, and the link for the first administrator; the exit code."""
    role = enter()
    settings = role.settings
    role.main.limit_rules(settings)  # what only the domains can judge, before anything begins
    if settings.secret_path == settings.data_dir / "secrets.json":
        load_or_make_secrets(settings.secret_path)
    else:
        load_secrets(settings.secret_path)
    uvloop.run(_prepare(role))
    return 0


async def _prepare(role: Role) -> None:
    await migrate(role.settings.direct_dsn, role.main.migrations())
    link = await role.main.setup_link(role.settings)
    if role.lifeline is not None:
        role.lifeline.tell(Prepared(link))
