from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import configs
from seawall.drills.world import build
from tests.drills.render.reading import AT, read_back

WORLD = build(4)


@pytest.mark.parametrize(("role", "platform"), [("edge", "ios"), ("pe", "ios"), ("bng", "junos")])
def test_every_line_of_a_configuration_is_read_back(role: str, platform: str, tmp_path: Path) -> None:
    node = WORLD.role(role)[0]
    lines = configs.write(node, WORLD, AT)
    rows = read_back(tmp_path, f"{node.short}.cfg", lines, "configs")["config_lines"]
    assert {row["platform"] for row in rows} == {platform}
    assert {row["observer"] for row in rows} == {node.short}
    assert all(lines[row["number"] - 1].strip() for row in rows)
    assert any(node.loopback in row["text"] for row in rows)


def test_what_an_intruder_left_stands_in_its_section(tmp_path: Path) -> None:
    left = ("interface Tunnel77", " tunnel destination 198.51.100.24")
    rows = read_back(tmp_path, "edge.cfg", configs.write(WORLD.role("edge")[0], WORLD, AT, left), "configs")[
        "config_lines"
    ]
    (row,) = [row for row in rows if "198.51.100.24" in row["text"]]
    assert row["section"].lower() == "interface tunnel77"
