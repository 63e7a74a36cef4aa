"""What the running service collects, and how: the `[serve]` section of `seawall.toml`. Every key has a default."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TlsSettings:
    """Certificates of the service's own doors."""

    certificate: str = ""  # PEM file with the chain; beside seawall.toml unless absolute
    key: str = ""  # PEM file with its private key
    client_ca: str = ""  # PEM file: senders must show a certificate of this authority, and are `authenticated`
    minimum: str = "1.2"  # lowest version of TLS spoken: 1.2 or 1.3


@dataclass(frozen=True)
class PushSettings:
    """Events pushed over HTTP: JSON lines, and what Splunk's HTTP Event Collector takes."""

    listen: tuple[str, ...] = ()  # e.g. "0.0.0.0:8088"; speaks TLS if serve.tls has a certificate
    tokens: dict[str, str] = field(default_factory=dict)  # who may push: a name and env:NAME or file:PATH of its token
    most_mb: int = 16  # of one request, decompressed


@dataclass(frozen=True)
class FollowSettings:
    """Files or folders that are read on as they grow."""

    path: str  # a file, a folder, or a pattern such as /var/log/remote/*.log
    whole: bool = False  # true: files are handed over whole once they stop changing (exports, archives, captures)
    from_start: bool = True  # false: of files found at the first start, only what is written later is read
    every_s: float = 1.0  # seconds between two looks


@dataclass(frozen=True)
class GitSettings:
    """A repository of device configurations (RANCID, Oxidized) that is polled."""

    url: str  # a path, or any address git takes; host keys and credentials are git's own business
    branch: str = ""  # empty: all
    every_s: float = 60.0


@dataclass(frozen=True)
class ImapSettings:
    """A mailbox to which people report suspicious mail; messages are read, never changed or removed."""

    host: str
    user: str
    password: str  # env:NAME or file:PATH
    port: int = 993
    folder: str = "INBOX"
    tls: bool = True  # false: only to the loopback
    ca: str = ""  # PEM file of the authority that signed the server's certificate, if not the system's
    every_s: float = 60.0


@dataclass(frozen=True)
class PollSettings:
    """A collection of shared indicators that is polled (TAXII 2.1)."""

    url: str  # of the collection
    user: str = ""
    password: str = ""  # env:NAME or file:PATH
    every_s: float = 900.0


@dataclass(frozen=True)
class ServeSettings:
    """What `seawall serve` listens on, follows and polls, and how much it may hold."""

    syslog_udp: tuple[str, ...] = ("*:5514",)  # RFC 5426; "192.0.2.1:514", "[2001:db8::1]:514" or "*:514"
    syslog_tcp: tuple[str, ...] = ("*:5514",)  # RFC 6587: octet counting or one message a line, as each sender likes
    syslog_tls: tuple[str, ...] = ()  # RFC 5425, e.g. "*:6514"; needs serve.tls
    flows_udp: tuple[str, ...] = ("*:2055", "*:4739", "*:6343")  # NetFlow, IPFIX and sFlow, on any of them
    max_message_bytes: int = 65_536  # a longer log message is left out and counted
    max_connections: int = 12_000  # at a time; beyond that the one idle for longest makes room
    receive_buffer_mb: int = 64  # of each UDP socket; without privilege net.core.rmem_max bounds it
    spool_mb: int = 4_096  # waiting to be read; beyond that senders are held back, and what is lost is counted
    spool_keep_mb: int = 1_024  # read already, kept for a second reading
    segment_s: float = 1.0  # how long a segment of the spool is written before the detector gets it
    segment_mb: int = 32
    detect: bool = True  # judge what comes in; false: collect only
    web: str = ""  # where the console answers, e.g. "127.0.0.1:8443"; empty: not at all
    taxii_server: bool = False  # answer TAXII clients as [taxii] says
    vault: bool = False  # keep the case's vault running beside the rest; it starts locked
    tls: TlsSettings = field(default_factory=TlsSettings)
    push: PushSettings = field(default_factory=PushSettings)
    follow: tuple[FollowSettings, ...] = ()
    git: tuple[GitSettings, ...] = ()
    imap: tuple[ImapSettings, ...] = ()
    taxii: tuple[PollSettings, ...] = ()
