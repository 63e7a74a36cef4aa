from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from seawall.response.plans import Plans

from .world import World


def test_a_damaged_plan_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    world = World()
    plans = Plans(tmp_path / "plans")
    kept, broken = (
        replace(world.plan(world.block(address, 60)), id=letter * 32)
        for letter, address in (("a", "198.51.100.7"), ("b", "198.51.100.8"))
    )
    plans.keep(kept)
    plans.keep(broken)
    file = tmp_path / "plans" / f"{broken.id}.json"
    file.write_text(file.read_text().replace("198.51.100.8", "198.51.100.9"))
    assert plans.all() == [kept]
    (trouble,) = plans.damaged()
    assert trouble.where == str(file)
    assert "restore it" in (trouble.mend or "")
