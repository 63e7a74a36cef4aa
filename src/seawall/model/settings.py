"""Run settings, from `seawall.toml`. Secrets stand there only as `env:NAME` or `file:PATH` references."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from seawall.errors import InputError
from seawall.model.access import ConsoleSettings
from seawall.model.notifying import DetectSettings, DoorSettings, NotifySettings, OutSettings
from seawall.model.serving import ServeSettings
from seawall.model.sharing import SharingSettings
from seawall.model.site import read_toml
from seawall.model.taxii import TaxiiSettings
from seawall.model.validation import validated


@dataclass(frozen=True)
class Secret:
    """A secret that never prints itself."""

    reference: str  # env:NAME or file:PATH

    def __repr__(self) -> str:
        return "Secret(***)"

    def reveal(self) -> str:
        """The secret itself. Raises InputError if the reference leads nowhere."""
        scheme, _, rest = self.reference.partition(":")
        if scheme == "env" and rest in os.environ:
            return os.environ[rest]
        if scheme == "file":
            try:
                return Path(rest).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise InputError("secret file cannot be read", where=rest, mend=error.strerror) from error
        raise InputError(
            f"no secret behind {scheme!r} reference", where="seawall.toml", mend="use env:NAME or file:PATH, and set it"
        )


@dataclass(frozen=True)
class LakeSettings:
    """How the lake is kept."""

    retention_days: int = 0  # 0 = keep for ever
    legal_hold: bool = False  # true overrides retention
    memory_mb: int = 768  # ceiling for one query or ingest


@dataclass(frozen=True)
class HuntSettings:
    """How findings become incidents."""

    join_hours: float = 6.0  # findings further apart in time are not joined by a shared entity alone


@dataclass(frozen=True)
class FlowSettings:
    """Which exported flows are kept whole, and what names addresses and interfaces; see the how-to on flow records."""

    keep: Literal["all", "infrastructure"] = "all"  # infrastructure: others are counted per minute, without addresses
    infrastructure: tuple[str, ...] = ()  # networks kept whole besides the addresses that site.toml names
    owners: tuple[str, ...] = ()  # MMDB or CSV files that say who owns an address, beside this file unless absolute
    interfaces: tuple[str, ...] = ()  # CSV files or SNMP walks that name interfaces, beside this file unless absolute


@dataclass(frozen=True)
class RuleSettings:
    """How Sigma rules are read; files are named relative to the case folder."""

    values: tuple[str, ...] = ()  # YAML or JSON files of lists, what rules with `expand` mean by %name%
    pipelines: tuple[str, ...] = ()  # pySigma processing pipelines, in the order they apply


@dataclass(frozen=True)
class StateSettings:
    """Where state lives."""

    url: str = ""  # env:NAME or file:PATH of an SQLAlchemy address; default: SQLite in the case folder
    retention_days: int = 0  # findings older than this go, and what was sent about them; 0: none ever
    legal_hold: bool = False  # true overrides retention; lake.legal_hold does too


@dataclass(frozen=True)
class SparkSettings:
    """The cluster a hunt with `--engine spark` runs on."""

    master: str = ""  # spark://host:7077, yarn, k8s://https://host:6443, local[4]
    parts: str = ""  # where executors find the files of lake/parts, e.g. s3a://bucket/case/parts; default: same path
    options: dict[str, str] = field(default_factory=dict)  # Spark's own settings, e.g. "spark.executor.memory" = "8g"


@dataclass(frozen=True)
class TrainingSettings:
    """Lessons, and exercises that never leave the house; see the how-to on training."""

    roster: str = ""  # CSV file of your people: person,address,group,role; beside this file unless absolute
    domains: tuple[str, ...] = ()  # your own mail domains: exercises come from them, and reach nobody outside
    smtp_host: str = ""  # your own mail server, for exercises
    smtp_port: int = 25
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"  # none: for a server on this machine only
    smtp_user: str = ""
    smtp_password: str = ""  # env:NAME or file:PATH
    page: str = ""  # address of the page behind an exercise's link, e.g. https://train.carrier.example
    scanners: tuple[str, ...] = ()  # networks your mail scanners and link previews fetch from
    scanner_seconds: int = 10  # whatever is fetched sooner after delivery, a machine fetched
    per_minute: int = 60  # messages of an exercise sent in a minute, at most
    keep_days: int = 365  # after so many days what is known of a person's practice and exercises goes


@dataclass(frozen=True)
class Settings:
    """Everything `seawall.toml` may say; every key has a default."""

    tenant: str = ""  # whose evidence this case holds; stands in every event
    scope: str = ""  # VRF or site in which its addresses are meaningful, if one
    maps: tuple[str, ...] = ()  # mapping files for tables and JSON, beside this file unless absolute
    lake: LakeSettings = field(default_factory=LakeSettings)
    hunt: HuntSettings = field(default_factory=HuntSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    flows: FlowSettings = field(default_factory=FlowSettings)
    state: StateSettings = field(default_factory=StateSettings)
    spark: SparkSettings = field(default_factory=SparkSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    taxii: TaxiiSettings = field(default_factory=TaxiiSettings)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    detect: DetectSettings = field(default_factory=DetectSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    out: OutSettings = field(default_factory=OutSettings)
    door: DoorSettings = field(default_factory=DoorSettings)
    sharing: SharingSettings = field(default_factory=SharingSettings)


def load_settings(path: Path) -> Settings:
    """Read `seawall.toml`; a file that is not there means every default.

    Raises:
        InputError: the file is not TOML, or holds an unknown key or a wrong value.
    """
    if not path.exists():
        return Settings()
    settings = validated(Settings, read_toml(path), where=str(path))
    here = path.parent
    flows = replace(
        settings.flows,
        owners=tuple(str(here / name) for name in settings.flows.owners),
        interfaces=tuple(str(here / name) for name in settings.flows.interfaces),
    )
    roster = settings.training.roster
    training = replace(settings.training, roster=str(here / roster)) if roster else settings.training
    maps = tuple(str(here / name) for name in settings.maps)
    taxii = settings.taxii.beside(here)
    return replace(settings, maps=maps, flows=flows, training=training, taxii=taxii)


def with_maps(settings: Settings, given: Sequence[Path]) -> Settings:
    """The settings with mapping files given on the command line, which count before their own."""
    return replace(settings, maps=(*map(str, given), *settings.maps))
