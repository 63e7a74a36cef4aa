"""STIX → MISP → STIX: count in is count out and count reported, and what comes back names the same values."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from seawall.model.tlp import Light
from seawall.sharing.checking import objects_in
from seawall.sharing.misp_in import events_in, from_misp, items_in
from seawall.sharing.misp_out import to_misp
from seawall.sharing.objects import Author, pattern_of
from seawall.sharing.redaction import Redactor, built_in
from seawall.sharing.stix_out import Told, draw
from tests.corpus import corpus_path
from tests.sharing.schemas import faults
from tests.sharing.world import ACTION, NOW, SITE, THEN, author, finding, incident

values = st.one_of(
    st.ip_addresses(v=4).map(lambda a: ("ip", str(a))),
    st.from_regex(r"[a-z]{3,9}\.example", fullmatch=True).map(lambda n: ("domain", n)),
    st.from_regex(r"https://[a-z]{3,9}\.example/[a-z']{0,8}[a-z]", fullmatch=True).map(lambda u: ("url", u)),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True).map(lambda h: ("hash", h)),
)


@given(st.lists(values, min_size=1, max_size=6, unique=True), st.sampled_from(list(Light)), st.integers(0, 100))
def test_indicators_come_back_with_id_value_marking_and_confidence(
    found: list[tuple[str, str]], light: Light, sure: int
) -> None:
    by: Author = author(light)
    objects = [
        by.make(
            "indicator",
            value,
            THEN,
            {
                "pattern": pattern_of(kind, value),
                "pattern_type": "stix",
                "valid_from": "2026-11-22T12:00:00Z",
                "confidence": sure,
            },
        )
        for kind, value in found
    ]
    out = to_misp(objects, light, NOW)
    assert out.taken + len(out.lost) == len(objects)
    back = from_misp(json.loads(json.dumps(out.value))["Event"], NOW)
    again = {one["id"]: one for one in back.value if one["type"] == "indicator"}
    for one in objects:
        assert {n: again[one["id"]][n] for n in ("pattern", "object_marking_refs", "confidence")} == {
            n: one[n] for n in ("pattern", "object_marking_refs", "confidence")
        }


def test_a_whole_incident_is_in_the_event_or_named_as_lost() -> None:
    drawn = draw(Told([finding(1)], incident(finding(1)), [ACTION]), author(), Redactor(built_in()["agency"], SITE))
    objects = list(drawn.objects.values())
    out = to_misp(objects, Light.AMBER, NOW)
    assert out.taken + len(out.lost) == len(objects)
    assert {"relationship", "infrastructure", "course-of-action"} <= {name.partition("--")[0] for name, _ in out.lost}
    assert {"name": "tlp:amber"} in out.value["Event"]["Tag"]
    assert out.thinned["sighting.count"] == 1, "MISP's sighting has no count: said"


def test_every_thing_of_an_event_is_taken_or_named_and_what_is_made_is_valid() -> None:
    event = {
        "uuid": "11111111-1111-4111-8111-111111111111",
        "info": "<b>phish</b>",
        "Orgc": {"name": "A CERT", "uuid": "22222222-2222-4222-8222-222222222222"},
        "Tag": [
            {"name": "tlp:amber+strict"},
            {"name": 'misp-galaxy:mitre-attack-pattern="SSH - T1021.004"'},
            {"name": "x"},
        ],
        "Attribute": [
            {
                "type": "ip-dst",
                "value": "198.51.100.7",
                "to_ids": True,
                "Sighting": [{"date_sighting": "1760000000"}, {}],
            },
            {"type": "regkey", "value": "HKLM"},
            {"type": "sha256", "value": "nonsense"},
            {"type": "filename|sha256", "value": "a.exe|" + "a" * 64},
            "no attribute",
        ],
        "Object": [{"name": "file", "Attribute": [{"type": "md5", "value": "b" * 32}]}],
        "EventReport": [{"name": "r", "content": "<script>"}, {}],
        "Galaxy": [{"name": "g"}],
    }
    (found,) = events_in({"response": [{"Event": event}]})
    back = from_misp(found, NOW)
    assert back.taken + len(back.lost) == items_in(event)
    for one in back.value:
        assert faults(one) == []
    marked = {one.get("object_marking_refs", [""])[0] for one in back.value if one["type"] == "indicator"}
    assert marked == {Light.AMBER_STRICT.marking}


def test_published_reports_lose_nothing_unsaid() -> None:
    for path in sorted(corpus_path("sharing", "stix21-examples").rglob("*.json")):
        objects = objects_in(json.loads(path.read_text(encoding="utf-8")), path.name)
        out = to_misp(objects, Light.GREEN, NOW)
        assert out.taken + len(out.lost) == len(objects), path.name
        back = from_misp(out.value["Event"], NOW)
        assert back.taken + len(back.lost) == items_in(out.value["Event"]), path.name
