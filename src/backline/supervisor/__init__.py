"""`backline up`: one process that starts, watches and ends all others of an installation.

It loads little, since it lives as long as they do: no web framework, no database driver.
"""

from backline.supervisor.up import up

__all__ = ["up"]
