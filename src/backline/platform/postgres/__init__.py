"""The PostgreSQL in the data folder: made, started, watched and stopped by us, without a package.

`Postgres` is one server with its cluster; `dsn_of` is how other processes find it.
"""

from backline.platform.postgres.cluster import PostgresFault, dsn_of
from backline.platform.postgres.server import Postgres

__all__ = ["Postgres", "PostgresFault", "dsn_of"]
