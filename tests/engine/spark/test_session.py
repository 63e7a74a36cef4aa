from __future__ import annotations

import sys

import pytest

from seawall.engine.spark import session
from seawall.errors import PeerError, UsageError
from tests.engine.spark import cluster


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
