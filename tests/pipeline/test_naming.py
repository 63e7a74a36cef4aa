from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seawall import pipeline
from seawall.detect.analytics import covert_tunnel
from seawall.engine.lake import Lake
from seawall.model.finding import finding_to_dict
from seawall.model.settings import Settings, load_settings
from seawall.model.site import site_from_dict
from seawall.pipeline.naming import Known, named, path_of
from seawall.reporting.html import render_report
from tests.detect.worlds import findings
from tests.pipeline.hunting import CLOCK
from tests.reporting import cases
from tests.sources import mmdb

FLOWS = """ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,nh,ra
2026-11-20 10:00:00,2026-11-20 10:09:00,540.000,10.20.1.1,203.0.113.9,0,0,GRE,......,0,0,900,90000,0,0,501,7,0,0,\
0.0.0.0,192.0.2.1
"""


def test_a_finding_says_who_owns_the_far_end_and_which_interfaces_it_crossed(tmp_path: Path) -> None:
    (tmp_path / "flows.csv").write_text(FLOWS, encoding="utf-8")
    said = {"asn": "AS64500", "name": "Example Hosting", "country": "SE"}
    (tmp_path / "who.mmdb").write_bytes(mmdb.database({"203.0.113.0/24": said}))
    (tmp_path / "pe1.walk").write_text("sysName.0 pe1\nifName.501 xe-0/0/1\n", encoding="utf-8")
    (tmp_path / "seawall.toml").write_text('[flows]\nowners = ["who.mmdb"]\ninterfaces = ["pe1.walk"]\n', "utf-8")
    site = site_from_dict({"devices": [{"name": "pe1", "role": "pe", "addresses": ["192.0.2.1", "10.20.1.1"]}]})
    lake = Lake(tmp_path / "lake", clock=CLOCK)
    for _ in pipeline.ingest([tmp_path / "flows.csv"], lake, Settings(), CLOCK):
        pass
    found = findings(covert_tunnel.ANALYTIC, lake, site)
    (finding,) = named(found, lake, site, load_settings(tmp_path / "seawall.toml").flows)
    assert finding.details["owners"] == {"203.0.113.9": "AS64500 Example Hosting, SE"}
    assert finding.details["interfaces"] == ["pe1: xe-0/0/1 [501] > 7"]
    assert finding_to_dict(finding)["details"]["interfaces"] == ["pe1: xe-0/0/1 [501] > 7"]


def test_the_report_names_owners_and_interfaces_as_text() -> None:
    view = cases.case()
    finding = view.findings[0]
    whose = {entity.value: "AS64500 Example <b>, SE" for entity in finding.entities}
    told = replace(finding, details={**finding.details, "owners": whose, "interfaces": ["pe1: xe-0 > 7"]})
    page = render_report(case=replace(view, findings=(told, *view.findings[1:])))
    assert "AS64500 Example &lt;b&gt;, SE" in page
    assert "pe1: xe-0 &gt; 7" in page


def test_names_that_an_exporter_announced_stand_where_no_file_knows_better() -> None:
    said = {"exporter": "192.0.2.1", "input_if": "5", "input_if_name": "ge-0", "output_if": "6", "output_if_name": None}
    assert path_of(said, Known()) == "192.0.2.1: ge-0 [5] > 6"
    assert path_of(said, Known(interfaces={("192.0.2.1", "5"): "xe-9"})) == "192.0.2.1: xe-9 [5] > 6"
    assert path_of({"exporter": "192.0.2.1", "input_if": "0", "output_if": None}, Known()) == ""
