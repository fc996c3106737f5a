"""The supervisor is light: it loads what domains can be set to, and nothing of what they do."""

import json
import subprocess
import sys

from backline.main import DOMAINS

LOADED = """
import json, sys
from backline import __main__, main
from backline.supervisor import up
main.load({})
rss = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(json.dumps([sorted(sys.modules), int(rss.split()[1])]))
"""


def test_it_loads_options_and_neither_the_framework_nor_a_domain() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )

    modules, rss_kib = json.loads(done.stdout)

    parts = [(name, name.split(".")) for name in modules if name.startswith("backline.")]
    theirs = {name for name, part in parts if part[1] in DOMAINS}
    assert theirs <= {f"backline.{name}.options" for name in DOMAINS}
    assert "backline.accounts.options" in theirs
    assert {"litestar", "asyncpg", "redis", "obstore", "backline.platform.domain"} & set(
        modules
    ) == set()
    assert rss_kib < 30_000
