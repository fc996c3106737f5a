"""Which CDN stands in front of the media, and how it is told to forget."""

from typing import Final, Literal, cast

import msgspec

from backline.platform.settings import Settings

Kind = Literal["url", "cloudflare", "fastly"]
_USUAL: Final[dict[Kind, str]] = {
    "cloudflare": "https://api.cloudflare.com/client/v4",
    "fastly": "https://api.fastly.com",
}


class Cdn(msgspec.Struct, frozen=True):
    """A CDN: `url` is called itself, or is where its API answers; `id` is a zone or a service."""

    kind: Kind
    url: str
    id: str
    token: str

    def __repr__(self) -> str:
        """Without secrets."""
        return f"Cdn({self.kind})"


def cdn_of(settings: Settings) -> Cdn | None:
    """The CDN that is told; None where there is none, or nobody tells it."""
    if settings.cdn_purge == "none":
        return None
    kind = cast("Kind", settings.cdn_purge)
    url = settings.cdn_purge_url or _USUAL[kind]
    return Cdn(kind, url.rstrip("/"), settings.cdn_purge_id or "", settings.cdn_purge_token or "")
