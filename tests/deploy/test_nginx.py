"""nginx takes the configuration that is shipped."""

import subprocess

from tests.support.many import Process, Proxy, shared_folder


def test_the_configuration_is_right() -> None:
    with shared_folder() as folder:
        proxy = Proxy(folder, [Process("serve", folder, {}) for _ in range(2)])

        done = subprocess.run(proxy.command("-t"), check=False, capture_output=True, text=True)

        assert done.returncode == 0, done.stderr + proxy.log()
        assert "warn" not in done.stderr + proxy.log()
