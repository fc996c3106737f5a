"""The storage and the staging of an installation whose files lie in S3."""

from backline.platform.storage.s3.opening import open_kept_in, open_s3

__all__ = ["open_kept_in", "open_s3"]
