"""What the audio library needs to know of the installation."""

import msgspec


class AudioSettings(msgspec.Struct, frozen=True):
    """Injected into the handlers as `audio`. `quota_bytes` is for people without their own."""

    max_upload_bytes: int
    quota_bytes: int
