"""What an agency is told, in plain text: each interception with its facts, what is missing, what must be reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_LABELS: Final = {
    "order": "order",
    "liid": "LIID",
    "system": "system",
    "taps": "taps",
    "numbers": "numbers",
    "circuits": "circuits",
    "enabled_at": "enabled",
    "disabled_at": "disabled",
    "officer_presenting": "presented by",
    "authorization_signer": "signed by",
    "type": "type",
    "responsible_employee": "responsible employee",
    "policy_version": "policy of",
    "signature": "signature",
}


def text_of(document: Mapping[str, Any]) -> Iterator[str]:
    """The document of one agency, line by line. The caller makes it safe for a terminal."""
    yield f"To: {document['agency']}"
    yield f"As of: {document['as_of'] or 'not known'}"
    for one in document["certifications"]:
        yield ""
        yield f"Certification {one['cert_id'][:12]} (47 CFR 1.20004)"
        for name, label in _LABELS.items():
            if text := _value(one[name]):
                yield f"  {label}: {text}"
        yield from (f"  MISSING  {missing}" for missing in one["missing"])
    yield ""
    if document["findings"]:
        yield "To be reported (47 CFR 1.20003(c)):"
        for found in document["findings"]:
            about = "; ".join(
                f"{name} {', '.join(found[name])}" for name in ("warrant", "tap", "system") if name in found
            )
            yield f"  {found['title']}: {about or 'see the officer'}"
    else:
        yield "Nothing to be reported was found in what was handed over."
    for order in document["no_interception_found"]:
        yield f"No interception under the names of order {order} was found in what was handed over."


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{v['type']} {v['commitment']}" if isinstance(v, Mapping) else str(v) for v in value)
    return str(value) if value else ""
