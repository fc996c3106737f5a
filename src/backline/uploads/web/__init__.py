"""HTTP for uploads: the protocol's routes, and what a domain's own form needs (`forms`)."""

from backline.uploads.web.tus import ROUTES

__all__ = ["ROUTES"]
