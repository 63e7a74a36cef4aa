"""Lawful-intercept records: recognised everywhere, refused by the SOC, read for oversight through the vault.

`SOURCE` is the refusal every ordinary hunt meets. The readers (`listed.FORMATS`) are asked by the intercept case
alone; each puts every target identifier through the vault before a row exists. One file per format; to add one: a
file with a `Format`, a sample in its test, one line in `listed.FORMATS`.
"""

from seawall.sources.intercepts.recognising import (
    LINE_PREFILTER,
    LINE_REFUSAL,
    REFUSAL,
    SOURCE,
    is_intercept,
    is_intercept_line,
)

__all__ = ["LINE_PREFILTER", "LINE_REFUSAL", "REFUSAL", "SOURCE", "is_intercept", "is_intercept_line"]
