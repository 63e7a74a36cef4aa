from __future__ import annotations

import pytest

from seawall.detect import subjects
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.logsources import routes
from seawall.detect.sigma.plan import Atom, Group, Op, Plan
from seawall.detect.sigma.windows import SERVICES
from seawall.engine.views import BY_NAME as VIEWS
from seawall.model.events import BY_NAME as KINDS
from tests.detect.events import table

SOURCES = [
    *((None, category, None) for category in ("dns", "firewall", "webserver", "database", "antivirus")),
    *((product, None, None) for product in ("nginx", "suricata", "radius", "tacacs", "netflow", "mysql", "cisco")),
    *(("linux", category, None) for category in ("process_creation", "network_connection", "file_event")),
    ("cisco", None, "aaa"),
    ("network", "command", None),
    *(("suricata", None, service) for service in ("alert", "dns", "http", "tls", "flow")),
]


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
        pytest.param(None, None, "apache", ["web"], id="a web server named as a service"),
        pytest.param("linux", "process_creation", None, ["auditd"], id="Linux processes"),
        pytest.param("linux", "registry_set", None, [], id="what Linux does not have"),
        pytest.param("oracle", None, "audit", ["db_audit"], id="a database"),
        pytest.param(None, "database", None, ["db_audit"], id="any database"),
        pytest.param("suricata", None, None, ["suricata"], id="Suricata"),
        pytest.param(None, None, "netflow", ["flows"], id="flows by name"),
        pytest.param(None, None, "radius", ["radius"], id="RADIUS"),
        pytest.param(None, "antivirus", None, ["windows"], id="any antivirus"),
        pytest.param("fortinet", None, "event", ["syslog"], id="another vendor"),
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


EVE = [
    {"event_type": t, "src_ip": f"192.0.2.{n}"}
    for n, t in enumerate(("alert", "dns", "http", "tls", "flow", "netflow"))
]


@pytest.mark.parametrize(
    ("category", "service", "types"),
    [
        *((None, word, [word]) for word in ("alert", "dns", "http", "tls")),
        *((word, None, [word]) for word in ("alert", "dns", "http", "tls")),
        (None, "flow", ["flow", "netflow"]),
        ("ids", None, ["alert"]),
        ("webserver", "http", ["http"]),
        ("dns", "http", []),
        (None, "mqtt", []),
        (None, "eve", [row["event_type"] for row in EVE]),
        (None, None, [row["event_type"] for row in EVE]),
    ],
)
def test_a_rule_for_suricata_is_asked_of_events_of_its_type_only(
    category: str | None, service: str | None, types: list[str]
) -> None:
    (route,) = routes("suricata", category, service)
    plan = Plan((Group(route.guard, ((0, Atom("src_ip", Op.STARTS, "192.0.2.")),)),))
    (batch,) = table("suricata", EVE).to_batches()
    rows = match(batch, plan).column("row").to_pylist()
    assert [EVE[row]["event_type"] for row in rows] == types


def test_suricata_goes_by_its_own_names_and_by_sigmas() -> None:
    (route,) = routes("suricata", None, "http")
    named = {
        name: route.column(name) for name in ("http.hostname", "cs-host", "dest_port", "dst_port", "alert.signature")
    }
    assert set(named.values()) == {"http_hostname", "dest_port", "alert_signature"}
    (tls,) = routes("suricata", "tls", None)
    assert (tls.column("tls.sni"), tls.column("tls.ja3.hash")) == ("tls_sni", "tls_ja3_hash")


def test_field_names_become_columns() -> None:
    (zeek,) = routes("zeek", None, "conn")
    assert zeek.column("id.orig_h") == "id_orig_h"
    _, security = routes("windows", "process_creation", None)
    assert security.column("Image") == "NewProcessName"
    assert security.column("CommandLine") == "CommandLine"


def test_the_time_of_an_event_goes_by_many_names() -> None:
    (route,) = routes("network", "command", None)
    assert {route.column(name) for name in ("@timestamp", "timestamp", "time")} == {"time"}


def test_every_view_a_route_names_exists_and_has_the_columns_it_names() -> None:
    found = [route for source in SOURCES for route in routes(*source)]
    assert found
    for route in found:
        columns = {
            c.name for c in (VIEWS[route.view].columns if route.view in VIEWS else KINDS[route.view].all_columns)
        }
        open_ended = route.view not in VIEWS and KINDS[route.view].open_ended
        assert open_ended or set(route.columns.values()) <= columns, route.view


def test_windows_services_are_written_as_sigma_writes_them() -> None:
    assert all(name == name.lower() and channels for name, channels in SERVICES.items())
