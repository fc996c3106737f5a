"""Who may see a Drive: an OAuth client, people's consent, tokens that end."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from msgspec import Struct
from msgspec.structs import replace

from backline.concerts.demo.services.exchange import Answer, Request, said

Clock = Callable[[], float]

METADATA: Final = "https://www.googleapis.com/auth/drive.metadata.readonly"
READ: Final = "https://www.googleapis.com/auth/drive.readonly"
_ACCESS_S: Final = 3_599
_UNVERIFIED_S: Final = 7 * 86_400


class _Grant(Struct, frozen=True):
    """What somebody agreed to, and until when (seconds since 1970)."""

    scopes: frozenset[str]
    until_s: float


class _Code(Struct, frozen=True):
    """What a code stands for; `challenge` is PKCE's, empty where there is none."""

    scopes: frozenset[str]
    back: str
    challenge: str


class Account:
    """One person's Drive as one client sees it.

    Refresh tokens of a client that Google hasn't verified end after 7 days (`is_verified`).
    `consents` is what the person agrees to when they are asked; nothing is a refusal.
    """

    def __init__(self, client_id: str, client_secret: str, clock: Clock) -> None:
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._clock = clock
        self.is_verified = True
        self.consents: frozenset[str] = frozenset({METADATA, READ})
        self._codes: dict[str, _Code] = {}
        self.revoked: list[str] = []
        self._refresh: dict[str, _Grant] = {}
        self._access: dict[str, _Grant] = {}

    def scopes(self, request: Request) -> frozenset[str]:
        """What the request's token is good for; nothing if it has ended or isn't one."""
        token = request.header("authorization").removeprefix("Bearer ")
        grant = self._access.get(token)
        return grant.scopes if grant and grant.until_s > self._clock() else frozenset()

    def revoke(self) -> None:
        """Take everything back, as a person does in their settings."""
        self._refresh.clear()
        self._access.clear()

    def give_back(self, request: Request) -> Answer:
        """The end of a grant as programs tell it, by one of its tokens: all of it ends."""
        [token] = parse_qs(request.body.decode()).get("token", [""])
        if token not in self._refresh and token not in self._access:
            return _refused("invalid_token", "Token expired or revoked")
        self.revoked.append(token)
        self.revoke()
        return said({})

    def shrink(self, *scopes: str) -> None:
        """Leave these of what was agreed to, in all tokens."""
        for tokens in (self._refresh, self._access):
            for token, grant in tokens.items():
                tokens[token] = replace(grant, scopes=grant.scopes & frozenset(scopes))

    def _granted(self) -> frozenset[str]:
        """What was agreed to before and still counts."""
        now_s = self._clock()
        counting = [one.scopes for one in self._refresh.values() if one.until_s > now_s]
        return frozenset[str]().union(*counting)

    def grant(self, *scopes: str) -> tuple[str, str]:
        """An access token and a refresh token, as after a consent."""
        until_s = float("inf") if self.is_verified else self._clock() + _UNVERIFIED_S
        refresh = f"1//{token_urlsafe(24)}"
        self._refresh[refresh] = _Grant(frozenset(scopes), until_s)
        return self._new_access(frozenset(scopes)), refresh

    def consent(self, query: Mapping[str, str]) -> Answer:
        """The page where a person agrees: it leads straight back, with a code or an error."""
        back = query.get("redirect_uri", "")
        asked = frozenset(query.get("scope", "").split())
        if query.get("client_id") != self._client["client_id"] or not back:
            return _refused("invalid_client", "The OAuth client was not found.")
        told = {"state": query["state"]} if "state" in query else {}
        agreed = asked & self.consents
        if agreed and query.get("include_granted_scopes") == "true":
            agreed |= self._granted()
        if agreed:
            code = token_urlsafe(16)
            challenge = query.get("code_challenge", "")
            if challenge and query.get("code_challenge_method") != "S256":
                return _refused("invalid_request", "Transform algorithm not supported.")
            self._codes[code] = _Code(agreed, back, challenge)
            told |= {"code": code, "scope": " ".join(sorted(agreed))}
        else:
            told |= {"error": "access_denied"}
        return Answer(b"", HTTPStatus.FOUND, headers=[("Location", f"{back}?{urlencode(told)}")])

    def token(self, request: Request) -> Answer:
        """The token endpoint: a code or a refresh token becomes an access token."""
        form = {name: texts[0] for name, texts in parse_qs(request.body.decode()).items()}
        if any(form.get(name) != text for name, text in self._client.items()):
            return _refused("invalid_client", "The OAuth client was not found.")
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token":
                return self._by_refresh(form)
            case _:
                return _refused("unsupported_grant_type", "Invalid grant_type.")

    def _by_code(self, form: Mapping[str, str]) -> Answer:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or form.get("redirect_uri") != code.back:
            return _refused("invalid_grant", "Malformed auth code.")
        if code.challenge and _challenge(form.get("code_verifier", "")) != code.challenge:
            return _refused("invalid_grant", "Invalid code verifier.")
        access, refresh = self.grant(*code.scopes)
        return said(_told(access, code.scopes) | {"refresh_token": refresh})

    def _by_refresh(self, form: Mapping[str, str]) -> Answer:
        grant = self._refresh.get(form.get("refresh_token", ""))
        if grant is None or grant.until_s <= self._clock():
            return _refused("invalid_grant", "Token has been expired or revoked.")
        return said(_told(self._new_access(grant.scopes), grant.scopes))

    def _new_access(self, scopes: frozenset[str]) -> str:
        token = f"ya29.{token_urlsafe(24)}"
        self._access[token] = _Grant(scopes, self._clock() + _ACCESS_S)
        return token


def _challenge(verifier: str) -> str:
    digest = sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _told(access: str, scopes: frozenset[str]) -> dict[str, Any]:
    return {
        "access_token": access,
        "expires_in": _ACCESS_S,
        "scope": " ".join(sorted(scopes)),
        "token_type": "Bearer",
    }


def _refused(error: str, text: str) -> Answer:
    status = HTTPStatus.UNAUTHORIZED if error == "invalid_client" else HTTPStatus.BAD_REQUEST
    return said({"error": error, "error_description": text}, status)
