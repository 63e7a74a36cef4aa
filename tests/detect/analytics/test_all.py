from __future__ import annotations

from pathlib import Path

from seawall.detect import analytics, vocabulary

FOLDER = Path(analytics.__file__).parent


def test_every_analytic_is_listed() -> None:
    on_disk = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert on_disk == {analytic.about.id.partition(".")[2] for analytic in analytics.ALL}, "add it to analytics.ALL"


def test_every_analytic_is_tagged_with_words_we_know() -> None:
    for analytic in analytics.ALL:
        assert analytic.about.behaviours
        assert set(analytic.about.behaviours) <= set(vocabulary.behaviours())
        assert all(technique.partition("@")[0] in vocabulary.techniques() for technique in analytic.about.attack)
