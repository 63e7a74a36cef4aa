"""A case's own files opened as its settings say: lake, state, vault, site, and who handed over what."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seawall.detect.sigma.options import Options, read_options
from seawall.engine.lake import Lake
from seawall.model.case import Case
from seawall.model.custody import CustodyRecord
from seawall.model.settings import RuleSettings, Secret, Settings, load_settings
from seawall.model.site import Site, load_site
from seawall.reporting import record
from seawall.reporting.handovers import Custody, gather
from seawall.sources.custody import records_in
from seawall.state.store import State, open_state
from seawall.vault.client import VaultClient


def case_settings(case: Case) -> Settings:
    """The case's settings; every default where it has none."""
    return load_settings(case.settings_file)


def state_url(case: Case, settings: Settings) -> str:
    """Where a case's state lives: its own SQLite file, unless the settings name a server."""
    return Secret(settings.state.url).reveal() if settings.state.url else case.state_url


def case_state(case: Case, settings: Settings) -> State:
    """The case's state database."""
    return open_state(state_url(case, settings))


def case_lake(case: Case) -> Lake:
    """The lake of a case."""
    return Lake(case.lake, memory_mb=case_settings(case).lake.memory_mb)


def case_vault(case: Case, *, keep: bool = True) -> VaultClient:
    """A client of the case's vault, whether anybody serves it or not; without `keep` the vault remembers nothing."""
    return VaultClient(case.vault_socket, keep=keep)


def case_site(case: Case, given: Path | None) -> Site:
    """The site file given, else the case's own, else a site that knows nothing."""
    if given:
        return load_site(given)
    return load_site(case.site_file) if case.site_file.exists() else Site()


def case_options(case: Case | None, values: Sequence[Path] = (), pipelines: Sequence[Path] = ()) -> Options:
    """How rules are read: the files the case's settings name, then those given; a later list of values wins."""
    told = case_settings(case).rules if case is not None else RuleSettings()
    folder = case.folder if case is not None else Path()
    return read_options(
        [*(folder / name for name in told.values), *values], [*(folder / name for name in told.pipelines), *pipelines]
    )


def custody(lake: Lake) -> list[CustodyRecord]:
    """Every stored file this case was given, in order of arrival and name."""
    return sorted(records_in(record.custody_in(lake)), key=lambda one: (one.received, one.origin))


def handovers(lake: Lake) -> Custody:
    """Who handed over what, summed; the memory it takes does not grow with the number of files."""
    return gather(records_in(record.custody_in(lake)), (file.origin for file in lake.files()))
