"""Whether what `[serve]` asks for can be done: said before anything starts, all faults at once."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.serving import ServeSettings, TlsSettings
from seawall.model.settings import Secret
from seawall.service.addresses import Address, parse_address

MAX_MESSAGE: Final = 128 << 10  # octets of a log message: half of what a connection is looked at in one go
MIN_TOKEN: Final = 16  # characters; a shorter one can be guessed over the network
_LISTENING: Final = ("syslog_udp", "syslog_tcp", "syslog_tls", "flows_udp")
_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def check(settings: ServeSettings) -> list[InputError]:
    """Everything that keeps the service from doing what its settings say; empty if nothing does."""
    return list(_faults(settings))


def _faults(settings: ServeSettings) -> Iterator[InputError]:
    seen: dict[tuple[str, Address], str] = {}
    for key in _LISTENING:
        for text in getattr(settings, key):
            try:
                address = parse_address(text, key=f"serve.{key}")
            except InputError as error:
                yield error
                continue
            place = ("udp" if key.endswith("udp") else "tcp", address)
            if address.port and place in seen:
                yield _fault(f"serve.{key}: {text!r} stands under serve.{seen[place]} already", "take one of them out")
            seen[place] = key
    if settings.web:
        yield from _raised(lambda: parse_address(settings.web, key="serve.web"))
    yield from _tls_faults(settings)
    yield from _push_faults(settings)
    yield from _polled_faults(settings)
    for key in ("max_message_bytes", "max_connections", "receive_buffer_mb", "spool_mb", "segment_mb", "segment_s"):
        if getattr(settings, key) <= 0:
            yield _fault(f"serve.{key}: must be above 0", "take the line out for the default")
    if settings.max_message_bytes > MAX_MESSAGE:  # one that does not fit into a look would never be whole
        yield _fault(f"serve.max_message_bytes: above {MAX_MESSAGE >> 10} KiB", f"write at most {MAX_MESSAGE}")


def _tls_faults(settings: ServeSettings) -> Iterator[InputError]:
    if settings.syslog_tls and not settings.tls.certificate:
        yield _fault("serve.syslog_tls: needs a certificate", "set serve.tls.certificate and serve.tls.key")
    if settings.tls.certificate:
        yield from _raised(lambda: server_context(settings.tls))


def _push_faults(settings: ServeSettings) -> Iterator[InputError]:
    push = settings.push
    if push.listen and not push.tokens:
        yield _fault(
            "serve.push.listen: nobody may push without a token",
            'add [serve.push.tokens], e.g. siem = "env:PUSH_TOKEN"',
        )
    for text in push.listen:
        try:
            address = parse_address(text, key="serve.push.listen")
        except InputError as error:
            yield error
            continue
        if not settings.tls.certificate and not address.on_loopback:
            yield _fault(
                f"serve.push.listen: {text!r} would take tokens in clear text",
                "set serve.tls.certificate and serve.tls.key, or listen on 127.0.0.1 behind a proxy that speaks TLS",
            )
    for name, reference in push.tokens.items():
        try:
            if len(Secret(reference).reveal()) < MIN_TOKEN:
                yield _fault(
                    f"serve.push.tokens.{name}: shorter than {MIN_TOKEN} characters", "make one: openssl rand -hex 24"
                )
        except InputError as error:
            yield _fault(f"serve.push.tokens.{name}: {error}", error.mend or "use env:NAME or file:PATH")


def _polled_faults(settings: ServeSettings) -> Iterator[InputError]:
    for one in settings.follow:
        if not one.path.startswith("/"):
            yield _fault(
                f"serve.follow: {one.path!r} is no absolute path", "a service has no folder of its own; begin it with /"
            )
    for box in settings.imap:
        if not box.tls and box.host not in ("127.0.0.1", "::1", "localhost"):
            yield _fault(f"serve.imap: {box.host!r} without TLS would show the password", "take `tls = false` out")
        yield from _raised(lambda box=box: Secret(box.password).reveal(), f"serve.imap {box.host}: ")
    for poll in settings.taxii:
        if not poll.url.startswith(("https://", "http://127.0.0.1", "http://[::1]", "http://localhost")):
            yield _fault(f"serve.taxii: {poll.url!r} is not https", "write the collection's https address")
        if poll.password:
            yield from _raised(lambda poll=poll: Secret(poll.password).reveal(), f"serve.taxii {poll.url}: ")
    for repository in settings.git:
        if repository.url.startswith("-") or repository.url.startswith("ext::"):
            yield _fault(
                f"serve.git: {repository.url!r} is no address of a repository", "write a path, ssh:// or https://"
            )


def server_context(tls: TlsSettings) -> ssl.SSLContext:
    """What our own TLS doors are opened with: modern versions only, and senders' certificates where they are asked for.

    Raises:
        InputError: a file is missing, is no certificate or key, or the two do not belong together.
    """
    if tls.minimum not in _VERSIONS:
        raise _fault(f"serve.tls.minimum: {tls.minimum!r}", "write 1.2 or 1.3")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = _VERSIONS[tls.minimum]
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    for key, path in (
        ("certificate", tls.certificate),
        ("key", tls.key or tls.certificate),
        ("client_ca", tls.client_ca),
    ):
        if path and not Path(path).is_file():
            raise _fault(f"serve.tls.{key}: no file {path}", "name a PEM file the service may read")
    try:
        context.load_cert_chain(tls.certificate, tls.key or None, password=_no_passphrase)
        if tls.client_ca:
            context.load_verify_locations(tls.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (ssl.SSLError, OSError, ValueError) as error:
        what = error.reason if isinstance(error, ssl.SSLError) else str(error)
        raise _fault(
            f"serve.tls: {what}", "give PEM files of one pair; the key without a passphrase, mode 0600"
        ) from None
    return context


def _no_passphrase() -> str:
    """OpenSSL would otherwise ask on the terminal, and a service would hang."""
    raise ValueError("the key stands under a passphrase")


def _fault(what: str, mend: str) -> InputError:
    return InputError(what, where="seawall.toml", mend=mend)


def _raised(make: object, before: str = "") -> Iterator[InputError]:
    assert callable(make), "something to try"
    try:
        make()
    except InputError as error:
        yield InputError(f"{before}{error.what}", where=error.where, mend=error.mend) if before else error
