"""`backline migrate`, and `prepare`: what has to be done before the others may begin."""

import sys

import uvloop

from backline.commands.role import Role, enter
from backline.platform.database import connect
from backline.platform.database.migrating import migrate
from backline.platform.host.lifeline import Prepared
from backline.platform.secrets import load_or_make_secrets, load_secrets
from backline.roles.serve import limit_rules


def run_migrate() -> int:
    """Bring the schema up to date, and tell the link to the first administrator; the exit code."""
    role = enter()
    uvloop.run(_migrate(role))
    return 0


async def _migrate(role: Role) -> None:
    for migration in await migrate(role.settings.direct_dsn, role.program.migrations):
        sys.stdout.write(f"Applied {migration.package}/{migration.name}\n")
    sys.stdout.write("The schema is up to date.\n")
    link = await _setup_link(role)
    if link is not None:
        sys.stdout.write(f"Make the first administrator: {link}\n")


def run_prepare() -> int:
    """Secrets, schema, and the link for the first administrator; the exit code."""
    role = enter()
    settings = role.settings
    limit_rules(role.program, settings)  # what only the domains can judge, before anything begins
    if settings.secret_path == settings.data_dir / "secrets.json":
        load_or_make_secrets(settings.secret_path)
    else:
        load_secrets(settings.secret_path)
    uvloop.run(_prepare(role))
    return 0


async def _prepare(role: Role) -> None:
    await migrate(role.settings.direct_dsn, role.program.migrations)
    link = await _setup_link(role)
    if role.lifeline is not None:
        role.lifeline.tell(Prepared(link))


async def _setup_link(role: Role) -> str | None:
    """The one-time link that makes the first administrator, or None where there is one."""
    database = await connect(role.settings.database_dsn, max_size=1)
    try:
        token = await role.program.identity.setup_token(database)
    finally:
        await database.close()
    return f"{role.settings.address}/setup#{token}" if token else None
