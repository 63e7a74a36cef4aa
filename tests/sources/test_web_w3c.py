from __future__ import annotations

from seawall.sources.web_w3c import W3c
from tests.sources.reading import READING
from tests.sources.recognising import has, read_as_found

FIELDS = "#Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) sc-status time-taken"


def test_the_header_names_the_columns_and_a_later_one_takes_over() -> None:
    text = f"#Software: x\n{FIELDS}\n2026-11-22 10:30:17 GET /a x=1 ann 192.0.2.9 Moz+(x) 200 15\n"
    text += "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-11-22 10:30:18 192.0.2.9 GET /b 404\n"
    first, second = read_as_found(text).rows("web")
    has(first, uri="/a?x=1", user="ann", user_agent="Moz (x)", status=200, time_taken="15")
    has(second, uri="/b", status=404, src_ip="192.0.2.9")


def test_a_line_with_too_few_fields_is_no_line_of_it() -> None:
    found = W3c.of(FIELDS)
    assert found is not None
    assert found.tell("2026-11-22 10:30:17 GET /a", READING) is None


def test_a_header_of_another_log_is_none_of_ours() -> None:
    assert W3c.of("#fields\tts\tuid\tid.orig_h") is None
    assert W3c.of("#Fields: date time x-event") is None
