from __future__ import annotations

from seawall.sources.radius_forms import FORMS, form_of


def test_each_form_is_known_by_its_first_lines_alone() -> None:
    heads = {
        "detail": ["Sun Nov 22 10:15:30 2026", "\tUser-Name = ann", "\tNAS-Port = 7"],
        "NPS, IAS format": ["192.0.2.1,ann,11/22/2026,10:15:30,IAS,N,4,192.0.2.1,40,1,44,7"],
        "NPS, database format": ['"N","IAS",11/22/2026,10:15:30,4,"ann"'],
        "NPS, XML": ["<Event><Packet-Type>4</Packet-Type><User-Name>ann</User-Name></Event>"],
        "CSV": ["Timestamp,User-Name,NAS-IP-Address,Acct-Session-Id"],
    }
    found = {name: form_of([line.encode() for line in lines]) for name, lines in heads.items()}
    assert {name: form.name for name, form in found.items() if form} == {form.name: form.name for form in FORMS}
    assert form_of([]) is None
