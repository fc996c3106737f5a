"""Time zones by their names: those that there are, wherever it runs, and no other file."""

import os
import subprocess
import sys

import pytest

from backline.platform import zones
from backline.platform.errors import Invalid


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "/etc/localtime", "x" * 64])
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="time zone"):
        zones.known(name)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Calcutta", "US/Pacific", "UTC"])
def test_zones_are_known_where_the_system_has_none(name: str) -> None:
    known = f"from backline.platform import zones; zones.known({name!r})"
    environ = {**os.environ, "PYTHONTZPATH": ""}

    asked = subprocess.run([sys.executable, "-c", known], env=environ, check=False)

    assert asked.returncode == 0
