"""The other readers, each by a sample: what it is taken for, what it gives, and that damage never escapes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.intercepts.listed import FORMATS, title_of
from tests.sources.intercepts.handing import damaged, hand

NUMBER = "64211239876"
AUDIT = (
    '{"ts": "2026-03-18T10:00:00Z", "neIdentifier": "amf-1", "admfIdentifier": "admf-1", "user": "ann", "request":'
    ' "ActivateTask", "xId": "9D05633A-8D3A-47EF-8312-3F99099565A2", "result": "ok", "note": "for +' + NUMBER + '"}\n'
)
FLOW = '{"ts": 1773532800, "src": "192.0.2.9", "dst": "2001:db8::1", "dport": 0, "proto": "gre", "bytes": 12}\n'
POLICY = '{"as_of": "2026-03-18T10:00:00Z", "admins": [], "mediation": [], "agencies": []}'
LOG = (
    "Mar 15 01:20:00 prov openliprovisioner[9]: OpenLI: user 'ann' successfully authenticated"
    " against provisioner update"
    " service\nMar 15 01:20:01 prov openliprovisioner[9]: OpenLI provisioner: added new IP intercept QQ1 via update"
    " socket.\nMar 15 01:20:02 prov openliprovisioner[9]: OpenLI: modified existing agency"
    " 'POLICE' via update socket.\n"
)
ORDERS = (
    "Warrant No;LIID;Agency;Scope;Target;Valid from;Valid to;Elements\n"
    f" W-1 ; QQ 1 ;POLICE;IRIOnly;msisdn: +{NUMBER};2026-03-01;2026-05-30;amf-1, smf-1\n"
    "W-1;QQ 1;POLICE;IRIOnly;imsi: 901700000012345;2026-03-01;2026-05-30;amf-1, smf-1\n"
)
TASKS = (
    '{"source": "admf-1", "as_of": "2026-03-18T10:00:00Z", "tasks": [{"xId": "29f28e1c-f230-486a-a860-f5a784ab9172",'
    ' "neIdentifier": "amf-1", "liid": "QQ1", "targets": [{"format": "E164", "value": "' + NUMBER + '"}]}]}'
)
EXCHANGE = f"exchange,res_id,monitored,copy_to,status\nex-3,1,{NUMBER},64271110001,active\nex-3,2,64211239877,,idle\n"
NOKIA = (
    "A:bng1# admin display-config\nmirror\n    mirror-dest 51 type ip-only create\n        encap\n            gateway\n"
    "                ip src 192.0.2.1 dest 198.51.100.5\n                udp src 3000 dest 49152\n    exit\nexit\nli\n"
    '    li-source 51\n        subscriber "sub-77" ingress egress intercept-id 12 session-id 1\n        no shutdown\n'
    "    exit\n    li-source 52\n        sap 1/1/1:100 ingress intercept-id 13\n        shutdown\n"
)
CONFIG = (
    "hostname pe1\nsnmp-server view LI cTap2MIB included\nmonitor session 3 type"
    " erspan-source\n source interface Te0/1\n"
    " no shutdown\n destination\n  erspan-id 101\n  ip address 203.0.113.5\nmonitor capture CAP interface Gi1 both\n"
    "monitor capture CAP start\n"
)
HI1 = (
    '<HI1Message xmlns="http://uri.etsi.org/03120/common/2019/10/Core"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:t="http://uri.etsi.org/03120/common/2020/09/Task" xmlns:a="http://uri.etsi.org/03120/common/2020/09/'
    'Authorisation"><HI1Object'
    ' xsi:type="a:AuthorisationObject"><ObjectIdentifier>A1</ObjectIdentifier><OwnerIdentifier>'
    "POLICE</OwnerIdentifier><a:AuthorisationReference>W-9</a:AuthorisationReference><a:AuthorisationTimespan><a:StartTime"
    ">"
    "2026-03-01T00:00:00Z</a:StartTime><a:EndTime>2026-05-30T00:00:00Z</a:EndTime></a:AuthorisationTimespan></HI1Object"
    ">"
    "<HI1Object"
    ' xsi:type="t:LITaskObject"><ObjectIdentifier>T1</ObjectIdentifier><AssociatedObjects><AssociatedObject>A1'
    "</AssociatedObject></AssociatedObjects><t:Reference>QQ9</t:Reference><t:TargetIdentifier><t:TargetIdentifierValues"
    ">"
    "<t:TargetIdentifierValue><t:FormatType><t:FormatName>InternationalE164</t:FormatName></t:FormatType><t:Value>"
    f"{NUMBER}</t:Value></t:TargetIdentifierValue></t:TargetIdentifierValues></t:TargetIdentifier><t:DeliveryType>"
    "<t:Value>IRIOnly</t:Value></t:DeliveryType></HI1Object></HI1Message>"
)
MIRRORS = (
    '[{"system": "pe1", "kind": "ERSPAN", "session": "7", "source": "Te0/1", "destination": "203.0.113.5"},'
    ' {"system": "pe1", "kind": "SPAN", "session": "8", "source": "Te0/2", "destination": "Te0/3", "state": "down"}]'
)
SHOWN = (
    "sw1#show monitor session all\nSession 1\n---------\nType                   : Remote Source Session\n"
    "Source Ports           :\n    Both               : Gi1/0/1\nDest RSPAN VLAN        : 901\n"
)
SAMPLES = {
    "mirrors": MIRRORS,
    "audit": AUDIT, "flows": FLOW, "policy": POLICY, "openli-log": LOG, "order-table": ORDERS, "tasks": TASKS,
    "nokia": NOKIA, "config": CONFIG, "hi1": HI1,
}  # fmt: skip


@pytest.mark.parametrize("form", SAMPLES)
def test_each_is_taken_for_what_it_is_and_keeps_its_targets_to_itself(form: str) -> None:
    handed = hand(SAMPLES[form])
    assert handed.form == form
    assert handed.tables
    assert title_of(form)
    assert NUMBER not in handed.text


def test_every_format_has_a_title() -> None:
    assert all(one.title for one in FORMATS)


def test_an_act_of_administration_keeps_who_and_what() -> None:
    (act,) = hand(AUDIT).rows("intercept_audit")
    assert (act["actor"], act["xid"][:8], act["request"]) == ("ann", "9d05633a", "ActivateTask")


def test_the_log_of_openli_tells_acts_with_the_year_of_its_neighbours() -> None:
    acts = hand(LOG).rows("intercept_audit")
    assert [act["request"] for act in acts] == ["Authenticate", "AddIntercept", "ModifyAgency"]
    assert (acts[1]["liid"], acts[2]["agency_id"], acts[0]["time"].year) == ("QQ1", "POLICE", 2026)


def test_lines_of_one_order_in_a_table_are_one_order() -> None:
    (order,) = hand(ORDERS, registry_tz="Pacific/Auckland").rows("warrants")
    assert [t["type"] for t in json.loads(order["targets"])] == ["msisdn", "imsi"]
    assert json.loads(order["network_elements"]) == ["amf-1", "smf-1"]
    assert str(order["valid_from"]) == "2026-02-28 11:00:00+00:00", "in the zone of the registry"


def test_a_task_table_of_an_admf_is_the_managements_word() -> None:
    handed = hand(TASKS)
    assert handed.rows("taps")[0]["path"] == "management"
    (tap, idle) = hand(EXCHANGE, "exchange-3.csv").rows("taps")
    assert (tap["path"], tap["state"], idle["state"]) == ("element", "active", "inactive")
    assert json.loads(tap["delivery"]) == ["64271110001"]


def test_a_nokia_source_that_is_shut_down_taps_nothing() -> None:
    on, off = hand(NOKIA).rows("taps")
    assert (on["tap"], on["state"], json.loads(on["delivery"])) == ("intercept-id=12", "active", ["198.51.100.5:49152"])
    assert off["state"] == "inactive"


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("   ncs5500-li-1.0.0.0-r792", "ncs5500-li-1.0.0.0-r792"),
        ("    disk0:asr9k-li-px-6.5.3", "asr9k-li-px-6.5.3"),
        ("  xrv9k-k9sec-li.rpm active", "xrv9k-k9sec-li.rpm"),
        ("   asr9k-li-x64-7.1.2 version=7.1.2 [Boot image]", "asr9k-li-x64-7.1.2"),
        ("   ncs5500-lite-1.0.0.0-r792", ""),
    ],
)
def test_an_intercept_package_is_named_whole(line: str, package: str) -> None:
    handed = hand(f"RP/0/RSP0/CPU0:core-9#show install active summary\nActive Packages: 1\n{line}\n", form="config")
    features = [json.loads(row["features"]) for row in handed.rows("tap_reports")]
    assert [f for some in features for f in some] == ([f"package {package}"] if package else [])


def test_one_broken_line_at_the_head_of_a_trail_costs_that_line_alone() -> None:
    line = (
        '{"ts": "2026-01-28T11:47:01Z", "neIdentifier": "e", "user": "u", "request": "Act\0ivateTask", "result": "ok"}'
    )
    handed = hand("\n".join(['{"ts": "2026-01-28T11:46:', line, line]), "audit.jsonl", form="audit")
    assert [row["request"] for row in handed.rows("intercept_audit")] == ["ActivateTask"] * 2
    assert handed.rejects == ["a line that is no JSON object"]


def test_copies_of_traffic_and_features_come_out_of_a_configuration() -> None:
    handed = hand(CONFIG)
    kinds = {row["mirror_kind"]: row for row in handed.rows("mirrors")}
    assert (kinds["erspan"]["destination"], kinds["erspan"]["system"]) == ("203.0.113.5", "pe1")
    assert kinds["capture"]["state"] == "active"
    assert "cTap2MIB" in handed.rows("tap_reports")[0]["features"]


def test_a_task_of_hi1_is_an_order_under_its_authorisation() -> None:
    (order,) = hand(HI1).rows("warrants")
    assert (order["warrant_id"], order["liid"], order["order_scope"], order["agency_id"]) == (
        "W-9",
        "QQ9",
        "IRIOnly",
        "POLICE",
    )


@given(st.data())
def test_any_damage_gives_rows_or_rejects(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(sorted(SAMPLES)))
    hand(data.draw(damaged(SAMPLES[form].encode())), form=form)


def test_copies_of_traffic_come_as_lists_and_as_shown() -> None:
    on, off = hand(MIRRORS).rows("mirrors")
    assert (on["mirror_kind"], on["destination"], on["state"], off["state"]) == (
        "ERSPAN",
        "203.0.113.5",
        "active",
        "inactive",
    )
    (shown,) = hand(SHOWN).rows("mirrors")
    assert (shown["system"], shown["mirror_kind"], shown["source"], shown["destination"]) == (
        "sw1",
        "rspan",
        "Gi1/0/1",
        "901",
    )


def test_logs_and_flows_come_as_tables_too() -> None:
    (flow,) = hand("ts,src,dst,dport,proto,bytes\n1773532800,192.0.2.9,198.51.100.1,443,tcp,12\n").rows("delivery")
    assert (flow["dst"], flow["dst_port"], flow["octets"]) == ("198.51.100.1", 443, 12)
    (act,) = hand("timestamp;system;user;action;peer\n2026-03-18T10:00:00Z;amf-1;ann;ActivateTask;192.0.2.1\n").rows(
        "intercept_audit"
    )
    assert (act["actor"], act["request"], act["system"], act["peer"]) == ("ann", "ActivateTask", "amf-1", "192.0.2.1")
