"""Settings of a process: what can be set, how it is read, and what it must be."""

from backline.platform.settings.declared import (
    Argument,
    Command,
    Option,
    Options,
    Process,
)
from backline.platform.settings.loading import (
    Settings,
    SettingsFault,
    bundled_ffmpeg,
    load,
)

__all__ = [
    "Argument",
    "Command",
    "Option",
    "Options",
    "Process",
    "Settings",
    "SettingsFault",
    "bundled_ffmpeg",
    "load",
]
