"""Which properties STIX 2.1 requires of each type, beside `type`, `spec_version`, `id`, `created` (clauses 4 to 7)."""

from __future__ import annotations

from typing import Final

OBSERVABLES: Final = frozenset(
    {
        "artifact",
        "autonomous-system",
        "directory",
        "domain-name",
        "email-addr",
        "email-message",
        "file",
        "ipv4-addr",
        "ipv6-addr",
        "mac-addr",
        "mutex",
        "network-traffic",
        "process",
        "software",
        "url",
        "user-account",
        "windows-registry-key",
        "x509-certificate",
    }
)

REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "attack-pattern": ("modified", "name"),
    "campaign": ("modified", "name"),
    "course-of-action": ("modified", "name"),
    "grouping": ("modified", "context", "object_refs"),
    "identity": ("modified", "name"),
    "incident": ("modified", "name"),
    "indicator": ("modified", "pattern", "pattern_type", "valid_from"),
    "infrastructure": ("modified", "name"),
    "intrusion-set": ("modified", "name"),
    "location": ("modified",),
    "malware": ("modified", "is_family"),
    "malware-analysis": ("modified", "product"),
    "note": ("modified", "content", "object_refs"),
    "observed-data": ("modified", "first_observed", "last_observed", "number_observed"),
    "opinion": ("modified", "opinion", "object_refs"),
    "report": ("modified", "name", "published", "object_refs"),
    "threat-actor": ("modified", "name"),
    "tool": ("modified", "name"),
    "vulnerability": ("modified", "name"),
    "relationship": ("modified", "relationship_type", "source_ref", "target_ref"),
    "sighting": ("modified", "sighting_of_ref"),
    "extension-definition": ("modified", "created_by_ref", "name", "schema", "version", "extension_types"),
    "language-content": ("modified", "object_ref", "contents"),
    "autonomous-system": ("number",),
    "directory": ("path",),
    "domain-name": ("value",),
    "email-addr": ("value",),
    "email-message": ("is_multipart",),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "mac-addr": ("value",),
    "mutex": ("name",),
    "network-traffic": ("protocols",),
    "software": ("name",),
    "url": ("value",),
}
