"""`backline settings`: what is in force, what there is, and new secrets."""

import os
import sys
from pathlib import Path

from backline.main import load, options
from backline.platform.settings.declared import markdown
from backline.platform.settings.options import OPTIONS


def run(*, as_markdown: bool, new_secret: Path | None) -> int:
    """Print settings, or the table of all there are, or make a secret; the exit code."""
    if as_markdown:
        theirs = [option for declared in options() for option in declared.table]
        sys.stdout.write(markdown([*OPTIONS, *theirs]))
    elif new_secret is not None:
        from backline.platform.secrets import load_or_make_secrets  # noqa: PLC0415  # slow to load

        existed = new_secret.exists()
        load_or_make_secrets(new_secret)
        state = "is there already and in order" if existed else "is made"
        sys.stdout.write(f"{new_secret} {state}.\n")
    else:
        for variable, value in load(os.environ).shown().items():
            sys.stdout.write(f"{variable}={value}\n")
    return 0
