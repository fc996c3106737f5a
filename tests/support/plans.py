"""What tests ask of plans: how a statement runs, and which partitions it looks into."""

import re
from uuid import NAMESPACE_OID, UUID, uuid5

from backline.platform.database import Database


def people(many: int, called: str = "owner") -> list[UUID]:
    """Ids of people: always the same, so that as many share a partition in every run."""
    return [uuid5(NAMESPACE_OID, f"{called} {number}") for number in range(many)]


async def plan(database: Database, sql: str, arguments: tuple[object, ...]) -> str:
    """How a statement runs with a generic plan, as the program has all of them."""
    given = ", ".join(_literal(one) for one in arguments)
    async with database.write() as tx:
        connection = tx._connection
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE asked AS {sql}")
        lines = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked ({given})")
        await connection.execute("DEALLOCATE asked")
    return "\n".join(line[0] for line in lines)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    said = f"{{{','.join(map(_element, value))}}}" if isinstance(value, list) else str(value)
    quoted = said.replace("'", "''")
    return f"'{quoted}'"


def _element(value: object) -> str:
    """A value as it stands in an array."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return "NULL" if value is None else f'"{escaped}"'


def buffers(text: str) -> int:
    """How many pages a plan read, by the first line that says so: of all of it."""
    found = re.search(r"Buffers: shared hit=(\d+)(?: read=(\d+))?", text)
    assert found is not None, text
    return int(found[1]) + int(found[2] or 0)


def scanned(text: str, *tables: str) -> set[str]:
    """The partitions of `tables` that a plan really read."""
    lines = [line for line in text.splitlines() if "never executed" not in line]
    return set(re.findall(rf" on ((?:{'|'.join(tables)})_\d+)\b", "\n".join(lines)))


def spread(text: str) -> dict[str, set[str]]:
    """The tables of which a plan looks into several partitions, or might, and into which."""
    found: dict[str, set[str]] = {}
    for table, number in re.findall(r" on ([a-z_]+)_(\d+)\b", text):
        found.setdefault(table, set()).add(number)
    return {table: numbers for table, numbers in found.items() if len(numbers) > 1}
