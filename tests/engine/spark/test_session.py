from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from seawall.engine.spark import session
from seawall.errors import PeerError, UsageError
from tests.engine.spark import cluster

# py4j leaves its sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed.*<socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def nothing_is_left_to_others() -> Iterator[None]:
    yield
    gc.collect()


def test_without_the_extra_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError) as caught, session.session("local[1]"):
        pass
    assert "make spark" in (caught.value.mend or "")


def test_without_java_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.installed()
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError) as caught, session.session("local[1]"):
        pass
    assert "make system-deps" in (caught.value.mend or "")


def test_a_master_that_is_none_is_named() -> None:
    cluster.installed()
    with pytest.raises(PeerError) as caught, session.session("gopher://nowhere"):
        pass
    assert "gopher://nowhere" in caught.value.what


def test_a_cluster_that_does_not_answer_is_named_and_no_java_is_left() -> None:
    cluster.installed()
    with pytest.raises(PeerError) as caught, session.session("spark://no such host:1"):
        pass
    assert "no such host" in caught.value.what
    from pyspark import SparkContext

    assert SparkContext._gateway is None
