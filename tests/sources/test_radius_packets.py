from __future__ import annotations

from seawall.sources.radius_packets import Detail, detailed


def test_values_lose_their_quotes_and_tags_and_nothing_else() -> None:
    lines = [
        "Sun Nov 22 10:15:30 2026",
        '\tUser-Name = "a\\"b"',
        "\tTunnel-Type:0 = GRE",
        "\tX += 'y'",
        '    Y := ""',
        "",
    ]
    (packet,) = Detail().take(enumerate(lines, 1))
    assert packet.pairs == [("User-Name", 'a"b'), ("Tunnel-Type", "GRE"), ("X", "y"), ("Y", "")]
    assert (packet.line, packet.time, packet.wrong) == (1, "Sun Nov 22 10:15:30 2026", "")


def test_packets_may_follow_each_other_without_an_empty_line_and_the_last_may_lack_its_end() -> None:
    state = Detail()
    assert [
        p.line for p in state.take([(1, "Sun Nov 22 10:15:30 2026"), (2, "\tA = 1"), (3, "Sun Nov 22 10:15:31 2026")])
    ] == [1]
    assert [p.wrong for p in state.end()] == ["no packet: Sun Nov 22 10:15:31 2026"]
    assert not detailed(["Sun Nov 22 10:15:30 2026"])
