from __future__ import annotations

import pytest

from seawall.detect import subjects
from seawall.detect.sigma.logsources import routes
from seawall.detect.sigma.windows import SERVICES


@pytest.mark.parametrize(
    ("product", "category", "service", "views"),
    [
        pytest.param("network", "command", None, ["commands"], id="commands"),
        pytest.param("network", "authentication", None, ["logins"], id="logins"),
        pytest.param("network", "config_change", None, ["config_changes"], id="changes"),
        pytest.param("network", None, "syslog", ["syslog"], id="syslog"),
        pytest.param("cisco", None, "aaa", ["commands"], id="public accounting rules"),
        pytest.param("Huawei", None, "bgp", ["syslog"], id="vendor log"),
        pytest.param("cisco", None, "duo", [], id="cloud service of a vendor"),
        pytest.param("zeek", None, "ssl", ["zeek_ssl"], id="Zeek"),
        pytest.param("zeek", None, "smb_files", ["zeek_smb_files"], id="another Zeek log"),
        pytest.param("zeek", None, "dnp3", ["zeek_other"], id="Zeek log without a kind of its own"),
        pytest.param("windows", "process_creation", None, ["windows", "windows"], id="Sysmon and Security"),
        pytest.param("windows", None, "security", ["windows"], id="Windows log"),
        pytest.param("windows", None, "nonesuch", [], id="unknown Windows log"),
        pytest.param(None, "dns", None, ["dns"], id="any DNS"),
        pytest.param(None, "firewall", None, ["flows"], id="any firewall"),
        pytest.param(None, "webserver", None, ["http"], id="any web server"),
        pytest.param("nginx", None, None, ["web"], id="one web server"),
        pytest.param("linux", None, "auditd", ["auditd"], id="Linux audit"),
        pytest.param("linux", None, "sshd", ["syslog"], id="Linux program"),
        pytest.param("azure", None, "signinlogs", [], id="cloud"),
        pytest.param(None, None, None, [], id="nothing named"),
    ],
)
def test_a_log_source_leads_to_its_views(
    product: str | None, category: str | None, service: str | None, views: list[str]
) -> None:
    found = routes(product, category, service)
    assert [route.view for route in found] == views
    assert all(view in subjects.BY_VIEW for view in views), "say how its events are told, in subjects.ALL"


def test_field_names_become_columns() -> None:
    (zeek,) = routes("zeek", None, "conn")
    assert zeek.column("id.orig_h") == "id_orig_h"
    _, security = routes("windows", "process_creation", None)
    assert security.column("Image") == "NewProcessName"
    assert security.column("CommandLine") == "CommandLine"


def test_windows_services_are_written_as_sigma_writes_them() -> None:
    assert all(name == name.lower() and channels for name, channels in SERVICES.items())
