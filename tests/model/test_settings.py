from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.settings import Secret, Settings, load_settings


def test_no_file_means_every_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "seawall.toml") == Settings()


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "seawall.toml"
    path.write_text('tenant = "north"\n[lake]\nretention_days = 90\n')
    settings = load_settings(path)
    assert (settings.tenant, settings.lake.retention_days, settings.hunt.join_hours) == ("north", 90, 6.0)


def test_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "seawall.toml"
    path.write_text("[lake]\nretention = 90\n")
    with pytest.raises(InputError, match=r"lake\.retention"):
        load_settings(path)


def test_a_secret_never_prints_itself(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2\n")
    secret = Secret(f"file:{tmp_path / 'key'}")
    assert secret.reveal() == "hunter2"
    assert "hunter2" not in f"{secret} {secret!r}"


@pytest.mark.parametrize("reference", ["env:SEAWALL_NOT_SET_ANYWHERE", "plain-text", "file:/nowhere/at/all"])
def test_a_secret_that_leads_nowhere_is_one_clear_error(reference: str) -> None:
    with pytest.raises(InputError):
        Secret(reference).reveal()
