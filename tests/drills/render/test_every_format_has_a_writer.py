"""Every format Seawall reads has a writer of ours that is read back, or a real program that wrote it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from seawall import platforms, sources
from seawall.sources.radius_forms import FORMS

ROOT: Final = Path(__file__).parents[3]
WRITERS: Final = "seawall.drills.render"

# format -> writers of ours, and tests in which a real program (or real samples of one) wrote the input
FORMATS: Final[dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]]] = {
    "spooled": ((), (("tests/sources/test_spooled.py", "SegmentWriter"),)),  # our own collectors write it
    "evtx": (("evtx_json",), (("tests/sources/test_evtx.py", "evtx-dev.tar.xz"),)),
    "warrants": (("warrants",), ()),
    "intercepts": (
        (),
        (("tests/sources/intercepts/test_recognising.py", "intercept"),),
    ),  # recognised, refused and never read
    "nfcapd": ((), (("tests/sources/test_nfcapd.py", 'program("softflowd")'),)),
    "exports": (("exports",), (("tests/sources/exports/test_exports.py", "corpus_path"),)),
    "pcaps": (("exports",), (("tests/sources/pcaps/test_pcaps.py", "corpus_path"),)),
    "zeek": (("zeek",), (("tests/sources/zeek/test_zeek_corpus.py", "corpus_path"),)),
    "windows_json": (("windows_json",), ()),
    "suricata": (("suricata",), (("tests/sources/test_suricata.py", "corpus_path"),)),
    "flows": (("flows",), (("tests/sources/flows/test_flows.py", "corpus_path"),)),
    "mail": (("mail",), (("tests/sources/mail/test_mail.py", "corpus_path"),)),
    "stix": (("stix",), (("tests/sources/test_stix.py", "corpus_path"),)),
    "misp": (("stix",), ()),
    "indicators": (("indicators",), (("tests/sources/test_indicators.py", "corpus_path"),)),
    "tacacs": (("tacacs",), ()),
    "radius": (("radius",), (("tests/sources/test_radius_real.py", 'program("freeradius")'),)),
    "envelopes": (("envelopes",), ()),
    "web": (("web",), (("tests/sources/test_server_programs.py", 'program("nginx")'),)),
    "dns_queries": (("dns_queries",), (("tests/sources/test_server_programs.py", 'program("named")'),)),
    "transfers": (("transfers",), (("tests/sources/test_server_programs.py", 'program("vsftpd")'),)),
    "postgres": (("postgres",), (("tests/sources/test_server_programs.py", 'program("postgres")'),)),
    "nat": (("nat",), ()),
    "auditd": (("auditd",), ()),
    "snmp_traps": (("snmp_traps",), (("tests/sources/test_server_programs.py", 'program("snmptrapd")'),)),
    "dnstap": (("dnstap",), (("tests/sources/test_server_programs.py", "dnstap"),)),
    "oracle_audit": (("oracle_audit",), ()),
    "mysql_audit": (("mysql_audit",), ()),
    "access_tables": (("access_tables",), ()),
    "syslog": (("linux",), (("tests/sources/test_syslog_real.py", "rsyslog"),)),  # its forms are PLATFORMS
    "configs": (("configs",), (("tests/sources/test_configs.py", "corpus_path"),)),
}
PLATFORMS: Final = {  # form of a device's log -> its writer
    "ios": "cisco_ios",
    "iosxr": "iosxr",
    "nxos": "nxos",
    "junos": "junos",
    "eos": "eos",
    "sros": "sros",
    "vrp": "vrp",
    "asa": "asa",
    "fortios": "fortios",
    "panos": "panos",
    "ise": "ise",
    "cef": "envelopes",
    "linux": "linux",
}
RADIUS: Final = {
    "detail": "write",
    "NPS, IAS format": "write_ias",
    "NPS, database format": "write_odbc",
    "NPS, XML": "write_xml",
    "CSV": "write_csv",
}


def test_the_table_names_every_format_every_platform_and_every_form() -> None:
    assert set(FORMATS) == {source.name for source in sources.ALL}
    assert set(PLATFORMS) == {*platforms.PLATFORMS, "linux"}
    assert set(RADIUS) == {form.name for form in FORMS}


@pytest.mark.parametrize(
    "name", sorted({*(w for writers, _ in FORMATS.values() for w in writers), *PLATFORMS.values()})
)
def test_a_writer_is_there_and_a_test_reads_back_what_it_wrote(name: str) -> None:
    import_module(f"{WRITERS}.{name}")
    own = (ROOT / "tests/drills/render" / f"test_{name}.py").read_text(encoding="utf-8")
    assert f"render.{name}" in own or re.search(rf"render import [^\n]*\b{name}\b", own)
    shared = (ROOT / "tests/drills/render/test_device_logs.py").read_text(encoding="utf-8")
    assert "read_back" in own or "seawall.sources" in own or f'": {name},' in shared


@pytest.mark.parametrize("name", FORMATS)
def test_a_real_program_or_its_samples_stand_where_the_table_says(name: str) -> None:
    writers, tests = FORMATS[name]
    assert writers or tests
    for path, sign in tests:
        assert sign in (ROOT / path).read_text(encoding="utf-8"), f"{path} says nothing of {sign}"


def test_every_form_of_radius_has_its_writer() -> None:
    module = import_module(f"{WRITERS}.radius")
    own = (ROOT / "tests/drills/render/test_radius.py").read_text(encoding="utf-8")
    assert all(callable(getattr(module, writer)) and writer in own for writer in RADIUS.values())
