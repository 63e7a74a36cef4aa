from __future__ import annotations

import pytest

from tools import bench


def test_every_benchmark_is_found_by_its_topic() -> None:
    assert [path.name for path in bench.topics([])] == sorted(
        p.name for p in (bench.ROOT / "benchmarks").glob("bench_*.py")
    )


def test_an_unknown_topic_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SystemExit, match="no benchmark is called nothing"):
        bench.topics(["nothing"])
