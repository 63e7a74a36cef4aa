"""HTTP to a TAXII server that may be hostile: nothing it says costs more than was allowed, and no secret goes astray.

Redirects are refused, as credentials would follow them. Bodies are bounded as they arrive and again as they unpack, so
that a small answer cannot become a large one. Credentials cross a network under TLS only.
"""

from __future__ import annotations

import ipaddress
import json
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from seawall.errors import InputError, PeerError, UsageError
from seawall.model.settings import Secret
from seawall.sharing.taxii.media import TAXII, is_taxii

if TYPE_CHECKING:
    import httpx

_CHUNK: Final = 64 << 10


@dataclass(frozen=True, slots=True)
class Login:
    """How we show who we are: name and password, a bearer token, a client certificate, or nothing."""

    user: str = ""
    password: Secret | None = None
    token: Secret | None = None
    certificate: Path | None = None  # PEM with its key
    authority: Path | None = None  # PEM of who signed the server's certificate, if the system does not know them


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may cost, and one walk."""

    body: int = 64 << 20  # octets, unpacked
    seconds: float = 120.0  # until all of it is there
    silence_s: float = 30.0  # between two pieces of it
    walk_s: float = 3_600.0  # all pages of one walk; the next one goes on from there


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in TAXII's media type."""

    status: int
    headers: Mapping[str, str]
    value: Any = field(repr=False)


class Wire:
    """A connection to one server; a context manager that closes it. It speaks to no other address."""

    def __init__(self, url: str, login: Login | None = None, bounds: Bounds | None = None) -> None:
        self._origin, self._bounds, login = _origin(url), bounds or Bounds(), login or Login()
        headers = {"Accept": TAXII, "Accept-Encoding": "gzip", "User-Agent": "seawall"}
        auth = None
        if login.token is not None:
            headers["Authorization"] = f"Bearer {login.token.reveal()}"
        elif login.user:
            auth = (login.user, login.password.reveal() if login.password else "")
        if (auth or login.token is not None) and self._origin[0] == "http" and not _is_loopback(self._origin[1]):
            raise UsageError(
                "a password or token would cross the network in clear", mend="use an https address, or no credentials"
            )
        self._client: httpx.Client = _httpx().Client(
            headers=headers,
            auth=auth,
            verify=_trust(login),
            timeout=self._bounds.silence_s,
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment would see what is shared
        )

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask. Raises PeerError for whatever is no plain answer."""
        return self._ask("GET", url, params=params)

    def post(self, url: str, body: bytes) -> Answer:
        """Send. Raises PeerError for whatever is no plain answer."""
        return self._ask("POST", url, content=body, headers={"Content-Type": TAXII})

    def _ask(self, method: str, url: str, **more: Any) -> Answer:
        library = _httpx()
        if _origin(url) != self._origin:
            raise PeerError(
                f"points to another server: {_shown(url)}",
                where=_shown(self._home()),
                mend="if that is meant, name that address yourself, with its own credentials",
            )
        try:
            with self._client.stream(method, url, **more) as response:
                body = self._read(response, url)
        except library.TimeoutException:
            raise PeerError("did not answer in time", where=_shown(url), mend="try again later") from None
        except (library.HTTPError, library.InvalidURL) as error:
            what = str(error)[:200] or type(error).__name__
            raise PeerError(
                f"cannot be asked: {what}", where=_shown(url), mend="check address, TLS and network"
            ) from None
        return _answer(response, body, url)

    def _read(self, response: httpx.Response, url: str) -> bytes:
        """The body, unpacked, within bounds."""
        coding = response.headers.get("content-encoding", "identity").lower()
        if coding not in ("identity", "gzip"):
            raise PeerError(f"answers in a coding not asked for: {coding[:40]!r}", where=_shown(url))
        unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
        body, raw, ends = bytearray(), 0, time.monotonic() + self._bounds.seconds
        for chunk in response.iter_raw(_CHUNK):
            raw += len(chunk)
            if unpack is None:
                body += chunk
            else:
                try:
                    body += unpack.decompress(chunk, self._bounds.body + 1 - len(body))
                except zlib.error:
                    raise PeerError("sends broken gzip", where=_shown(url)) from None
            if max(len(body), raw) > self._bounds.body:
                raise PeerError(
                    f"sends more than {self._bounds.body} octets in one answer",
                    where=_shown(url),
                    mend="ask for smaller pages with --limit",
                )
            if time.monotonic() > ends:
                raise PeerError(f"did not finish one answer in {self._bounds.seconds:g} s", where=_shown(url))
        return bytes(body)

    def _home(self) -> str:
        return f"{self._origin[0]}://{self._origin[1]}:{self._origin[2]}/"

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()


def _answer(response: httpx.Response, body: bytes, url: str) -> Answer:
    status = response.status_code
    if 300 <= status < 400:
        raise PeerError(
            f"sends us elsewhere ({status}): {_shown(response.headers.get('location', ''))}",
            where=_shown(url),
            mend="if that is its address now, name it yourself",
        )
    if status >= 400:
        raise PeerError(f"refuses ({status}): {_reason(body)}", where=_shown(url), mend=_MEND.get(status))
    if not is_taxii(response.headers.get("content-type")):
        raise PeerError(
            f"answers no TAXII 2.1 but {_shown(response.headers.get('content-type', 'nothing'))}",
            where=_shown(url),
            mend="check the address: it is that of an API root or collection, and ends in /",
        )
    try:
        value = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        raise PeerError("answers broken JSON", where=_shown(url)) from None
    if not isinstance(value, dict):
        raise PeerError("answers no JSON object", where=_shown(url))
    return Answer(status, response.headers, value)


_MEND: Final = {
    401: "check user and password, or the token",
    403: "ask its operator for the right",
    404: "check the address and the collection's id; it may also be hidden from you",
    406: "it may speak TAXII 2.0 only, which Seawall does not",
    413: "send fewer objects at once",
    429: "poll less often",
    503: "try again later",
}


def _reason(body: bytes) -> str:
    """What a server says of its refusal, short and printable."""
    try:
        value = json.loads(body[:65_536])
        said = value.get("description") or value.get("title") if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        said = None
    return _shown(str(said)) if said else "no reason given"


def _shown(text: str) -> str:
    """Text of others: short, printable, without a password that an address may hold."""
    if "@" in text and "://" in text:
        scheme, _, rest = text.partition("://")
        text = f"{scheme}://{rest.rpartition('@')[2]}"
    return "".join(letter if letter.isprintable() else "?" for letter in text[:300])


def _origin(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise UsageError(f"no address: {_shown(url)}", mend="e.g. https://taxii.example.net/api/") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"no address: {_shown(url)}", mend="e.g. https://taxii.example.net/api/")
    if parts.username or parts.password:
        raise UsageError("credentials stand in the address", mend="give them apart: they would be in every log")
    return parts.scheme, parts.hostname, port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _trust(login: Login) -> Any:
    import ssl

    try:
        context = ssl.create_default_context(cafile=str(login.authority) if login.authority else None)
        if login.certificate:
            context.load_cert_chain(login.certificate)
    except (OSError, ssl.SSLError) as error:
        raise InputError(
            f"a certificate cannot be used: {error}", where=str(login.certificate or login.authority)
        ) from None
    return context


def _httpx() -> Any:
    try:
        import httpx
    except ModuleNotFoundError:
        raise InputError("httpx is not installed", mend="make extras, or pip install 'seawall[sharing]'") from None
    return httpx
