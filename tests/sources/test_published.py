from __future__ import annotations

import pytest

from seawall.sources import published
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.published import known_value, read_json, tlp_of


@pytest.mark.parametrize(
    ("text", "light"),
    [("tlp:white", "clear"), ("TLP:AMBER+STRICT", "amber+strict"), ("tlp:amber", "amber"), ("red", None), (None, None)],
)
def test_lights_are_told_in_the_words_of_today(text: object, light: str | None) -> None:
    assert tlp_of(text) == light


@pytest.mark.parametrize(
    ("value", "said", "found"),
    [
        ("Who[@]bad.example", "email", ("email", "who@bad.example")),
        ("nobody", "email", None),
        ("bad.example", "ip or domain", ("domain", "bad.example")),
        ("192.0.2.1", "hash", None),
    ],
)
def test_a_value_must_be_what_it_is_called(value: str, said: str, found: tuple[str, str] | None) -> None:
    assert known_value(value, said) == found


def test_too_large_broken_and_bare_values_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no whole JSON" in str(read_json(evidence_from_bytes(b"{", "x")))
    assert "no object" in str(read_json(evidence_from_bytes(b"5", "x")))
    monkeypatch.setattr(published, "MAX_BYTES", 10)
    assert "larger" in str(read_json(evidence_from_bytes(b"[" + b" " * 20 + b"]", "x")))
