"""Google's OAuth for people: agreeing on Google's page, tokens for that, and their end.

The operator brings the client. Tokens and secrets are in no message and no log.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode, urlsplit

import msgspec

from backline.platform.jobs import Later
from backline.platform.outside.client import Away, Call, OutsideClient, Reply

SERVICE: Final = "Google"
METADATA: Final = "https://www.googleapis.com/auth/drive.metadata.readonly"
READ: Final = "https://www.googleapis.com/auth/drive.readonly"

_OPEN_S: Final = 60.0
_TOO_MANY: Final = 429
_OK: Final = 200
_MOST_SECRET: Final = 4_096
_MARGIN_S: Final = 60.0
# Where Google keeps the small pictures that its links lead to.
_PICTURES: Final = (".googleusercontent.com", ".google.com")


class Ended(Exception):
    """A grant counts no more: taken back, expired, or used already. The text is for people."""


class Misset(Exception):
    """Google doesn't know the client that the operator has set. The text is for people."""


class Addresses(msgspec.Struct, frozen=True):
    """Where Google answers: the page on which people agree, tokens, and the API of Drive."""

    consent: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
    revoke: str = "https://oauth2.googleapis.com/revoke"
    drive: str = "https://www.googleapis.com/drive/v3"
    stand_in: str | None = None

    def holds(self, link: str) -> bool:
        """Whether a link leads to where tokens may be shown: an answer may say anything."""
        if self.stand_in is not None:
            return link.startswith(f"{self.stand_in}/")
        try:
            where = urlsplit(link)
            host, port = where.hostname or "", where.port
        except ValueError:
            return False
        return where.scheme == "https" and port is None and host.endswith(_PICTURES)


def addresses_at(url: str) -> Addresses:
    """All of them at one address, as a stand-in has them."""
    base = url.rstrip("/")
    return Addresses(
        *(f"{base}/o/oauth2/v2/auth", f"{base}/token", f"{base}/revoke", f"{base}/drive/v3"),
        stand_in=base,
    )


class Grant(msgspec.Struct, frozen=True):
    """What somebody agreed to; `refresh` is None where an earlier one goes on counting."""

    access: str
    good_s: float
    scopes: frozenset[str]
    refresh: str | None = None

    def __repr__(self) -> str:
        return "Grant(…)"


class _Said(msgspec.Struct):
    access_token: str = ""
    expires_in: float = 0.0
    scope: str = ""
    refresh_token: str | None = None


class _Refusal(msgspec.Struct):
    error: str = ""


class Google:
    """Google as the operator's client sees it."""

    def __init__(
        self, client: OutsideClient, client_id: str, client_secret: str, addresses: Addresses
    ) -> None:
        self.client, self.addresses = client, addresses
        self._id, self._secret = client_id, client_secret

    def __repr__(self) -> str:
        return "Google(…)"

    def consent_url(
        self, *, redirect_uri: str, state: str, challenge: str, scopes: Sequence[str], hint: str
    ) -> str:
        """The page on which somebody agrees; `challenge` is PKCE's (RFC 7636, S256)."""
        asked = {
            "client_id": self._id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": " ".join(scopes),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "access_type": "offline",
            "include_granted_scopes": "true",
            "prompt": "consent",  # without it, only the first agreement brings a refresh token
        }
        hinted = {"login_hint": hint} if hint else {}
        return f"{self.addresses.consent}?{urlencode(asked | hinted)}"

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        """The grant behind a code, which counts once.

        Raises:
            Ended: the code doesn't count.
            Misset: the client isn't known.
            Later: Google can't be asked now.
        """
        form = {"code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
        return await self._token({"grant_type": "authorization_code", **form})

    async def refresh(self, token: str) -> Grant:
        """A new access token.

        Raises:
            Ended: the person took it back, or Google did.
            Misset: the client isn't known.
            Later: Google can't be asked now.
        """
        return await self._token({"grant_type": "refresh_token", "refresh_token": token})

    async def revoke(self, token: str) -> None:
        """End a grant; one that has ended already is no fault.

        Raises:
            Later: Google can't be asked now.
        """
        await self._post(self.addresses.revoke, {"token": token})

    async def _token(self, form: dict[str, str]) -> Grant:
        who = {"client_id": self._id, "client_secret": self._secret}
        reply = await self._post(self.addresses.token, who | form)
        if reply.status != _OK:
            raise _refused(reply)
        try:
            said = msgspec.json.decode(reply.body, type=_Said)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise Later("Google answers with something that can't be read.") from fault
        if not 0 < len(said.access_token) <= _MOST_SECRET or not said.access_token.isascii():
            raise Later("Google answers with something that isn't a token.")
        refresh = said.refresh_token
        if refresh is not None and not 0 < len(refresh) <= _MOST_SECRET:
            raise Later("Google answers with something that isn't a token.")
        good_s = max(said.expires_in - _MARGIN_S, 0.0)
        return Grant(said.access_token, good_s, frozenset(said.scope.split()), refresh)

    async def _post(self, url: str, form: dict[str, str]) -> Reply:
        if not self.client.allows(SERVICE):
            raise Later("Google doesn't answer.", after_s=_OPEN_S)
        try:
            reply = await self.client.ask(SERVICE, Call("POST", url, form=form))
        except Away as fault:
            raise Later(str(fault), after_s=fault.after_s) from fault
        if reply.status == _TOO_MANY:
            raise Later("Google wants to be left alone for a while.", after_s=_OPEN_S)
        return reply


def _refused(reply: Reply) -> Exception:
    try:
        error = msgspec.json.decode(reply.body, type=_Refusal).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        error = ""
    if error == "invalid_grant":
        return Ended("Google has ended Backline's access to this Drive. Connect it anew.")
    if error in {"invalid_client", "unauthorized_client", "redirect_uri_mismatch"}:
        return Misset(
            "Google doesn't accept the client that this server has been given. Its operator has to "
            "look at BACKLINE_GOOGLE_CLIENT_ID, BACKLINE_GOOGLE_CLIENT_SECRET and the redirect "
            "address that is set at Google."
        )
    return Later(f"Google answers with {reply.status}.", after_s=600.0)
