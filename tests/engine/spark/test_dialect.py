from __future__ import annotations

import pytest

from seawall.engine import columns, view_sql
from seawall.engine.spark.dialect import for_spark
from seawall.engine.views import VIEWS
from seawall.errors import SeawallError
from seawall.model.events import KINDS


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_view_has_a_spark_form(view) -> None:
    known = {kind.name: columns.declared(kind.name) for kind in KINDS}
    assert for_spark(view_sql.select_for(view, known)).startswith(("SELECT ", "WITH "))


def test_a_backslash_means_in_spark_what_it_meant() -> None:
    assert r"'\\d+'" in for_spark(r"SELECT regexp_matches(t, '\d+') FROM k")


def test_what_spark_cannot_say_is_refused() -> None:
    with pytest.raises(SeawallError, match="cannot be asked on Spark"):
        for_spark("SELECT FROM WHERE (")
