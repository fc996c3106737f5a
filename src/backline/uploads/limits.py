"""How many requests of uploads a person has; domains with a form of their own count them here."""

from typing import Final

from backline.platform.limits import Policy

# Bytes and the quota bound uploads; this only keeps a client from going round in circles.
UPLOADS: Final = Policy("uploads", 3_000, 60, "user")
