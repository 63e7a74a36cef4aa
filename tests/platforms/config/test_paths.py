# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

from seawall.platforms.config import read

CLASSIC = 'exit all\nconfigure\n    system\n        name "s1"\n        security\n            telnet-server\n        exit\n    exit\n    system\n        security\n            no ftp-server\n        exit\n    exit\nexit all\n'
MD = '# TiMOS-C-22.7.R1\nconfigure {\n    system {\n        name "s1"\n        security {\n            telnet-server true\n        }\n    }\n}\n'
FORTI = '#config-version=FGVM64-7.0.5-FW-build0304\nconfig system interface\n    edit "port1"\n        set allowaccess ping ssh\n        unset role\n    next\nend\nconfig system global\n    set hostname f1\nend\n'


def test_sr_os_answers_alike_in_both_styles() -> None:
    for text in (CLASSIC, MD):
        (config,) = read(text)
        assert config.value("configure", "system", "name") == "s1"
        assert config.has("configure", "system", "security", "telnet-server")
    (classic,) = read(CLASSIC)
    assert classic.state("configure", "system", "security", "ftp-server") is False


def test_forti_os_edits_are_paths() -> None:
    (config,) = read(FORTI)
    assert (config.hostname, config.version, config.model) == ("f1", "7.0.5", "FGVM64")
    assert config.values("system", "interface", "port1", "allowaccess") == [("ping", "ssh")]
    assert config.state("system", "interface", "port1", "role") is False


def test_deep_and_long_paths_stay_bounded() -> None:
    for text in (
        "set system " + "a " * 5_000 + "\nset system b",
        "system { " + "a { " * 5_000 + "\n",
        "config a\n" * 5_000,
    ):
        (config,) = read(text)
        assert max(len(one.section) for one in config.walk()) < 200
