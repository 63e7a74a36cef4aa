"""Rules that ask for what no event has: said aloud, because such a rule can never fire and never fails either."""

from __future__ import annotations

from collections.abc import Iterator

from seawall.detect.rules import RuleSet
from seawall.detect.tables import Tables, view_columns


def unknown_fields(lake: Tables, ruleset: RuleSet) -> Iterator[tuple[str, str]]:
    """Each rule that names fields none of its views has, with those fields; views without any event are passed over.

    Open-ended kinds grow columns as evidence brings them, so a field of such a kind is unknown in this lake only.
    """
    columns = {view: {name.lower() for name in names} for view, names in view_columns(lake.ibis()).items()}
    for rule in ruleset.rules:
        missing = {
            field
            for variant in rule.variants
            if variant.route.view in columns
            for field in variant.fields
            if field.lower() not in columns[variant.route.view]
        }
        if missing:
            yield f"{rule.origin} ({rule.about.title})", ", ".join(sorted(missing))
