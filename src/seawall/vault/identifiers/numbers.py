"""Numbers of subscribers and devices: E.164 (RFC 3966 for tel URIs), IMSI (E.212) and IMEI (3GPP TS 23.003).

National writing, trunk prefixes and international prefixes of every numbering plan come from libphonenumber.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import phonenumbers

from seawall.vault.identifiers.base import SINGLE, Identifier, NotNormalError

E164_DIGITS: Final = 15
_SEPARATORS: Final = re.compile(
    r"[\s().\-/\u2010-\u2015\u2212\u00a0\u2060\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
_SCHEME: Final = re.compile(
    r"^\s*(?:tel|callto|msisdn|e\.?164|gpsi|imsi|supi|imei(?:sv)?|pei|urn:gsma:imei)\s*[:=\-]\s*", re.I
)
_WILD: Final = re.compile(r"[*xX?%#]+$")
_OPEN_ENDED_MIN: Final = 3  # digits that must stand before a wildcard: less is no number, but a slip


def plain_digits(text: str) -> str:
    """Digits of any script as ASCII, full-width signs as plain ones, separators gone."""
    if text.isascii():
        return _SEPARATORS.sub("", text)
    folded = unicodedata.normalize("NFKC", text)
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return _SEPARATORS.sub("", ascii_digits)


@cache
def region_of(country: str) -> str | None:
    """The numbering plan of a country, from its ISO code or its calling code (`NZ`, `64`, `+64`); None if unknown."""
    word = country.strip().upper()
    if word in phonenumbers.SUPPORTED_REGIONS:
        return word
    digits = word.lstrip("+0")
    region = phonenumbers.region_code_for_country_code(int(digits)) if digits.isascii() and digits.isdigit() else "ZZ"
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


def read_international(text: str, country: str) -> Identifier:
    """A number whose first digits are its country code, with or without `+` or an international prefix."""
    return _number(text, country, international=True)


def read_national(text: str, country: str) -> Identifier:
    """A number as dialled in `country`: trunk prefix or not; an international spelling is understood too."""
    return _number(text, country, international=False)


def read_tel(text: str, country: str) -> Identifier:
    """A tel URI (RFC 3966): global, or local with a `phone-context`."""
    bare = re.sub(r"^\s*tel\s*:", "", text, flags=re.I)
    number, _, parameters = bare.partition(";")
    context = re.search(r"phone-context=(\+[\d().\-]+)", parameters, re.I)
    if context and not plain_digits(number).startswith("+"):
        prefix = plain_digits(context[1])
        region = region_of(prefix)
        if region is None:  # more than a country code: RFC 3966 puts it in front
            return _number(prefix + plain_digits(number), country, international=True)
        return _number(number, prefix, international=False)
    return _number(number, country, international=False)


def _number(text: str, country: str, *, international: bool) -> Identifier:
    bare = _SCHEME.sub("", text.strip())
    ends = _range_ends(bare)
    if ends:
        return _range(_global(ends[0], country, international), _global(ends[1], country, international))
    digits = plain_digits(bare.partition(";")[0])
    wild = _WILD.search(digits)
    if wild:
        return _open_ended(digits[: wild.start()], wild[0], country, international)
    return Identifier("msisdn", _global(digits, country, international))


def _range_ends(text: str) -> tuple[str, str] | None:
    """The two ends of `64218096700-64218096799`; a hyphen inside one number is none."""
    parts = re.split(r"\s*(?:-|\u2013|\.\.+|\bto\b)\s*", text)
    if len(parts) != 2:
        return None
    first, last = (plain_digits(part).lstrip("+") for part in parts)
    if len(first) == len(last) >= 7 and first.isdigit() and last.isdigit():
        return parts[0], parts[1]
    return None


def _global(text: str, country: str, international: bool) -> str:
    """`+` and up to 15 digits. Raises NotNormalError."""
    digits = plain_digits(text)
    body = digits.removeprefix("+")
    if not (body.isascii() and body.isdigit()):
        raise NotNormalError("not a number")
    region = region_of(country) if country else None
    if digits.startswith("+") or (international and not body.startswith("0")):
        digits = f"+{body.removeprefix('00') if digits.startswith('+') else body}"
    elif body.startswith("00") and region is None:
        digits = f"+{body[2:]}"  # the prefix ITU-T E.164 recommends; no country says otherwise
    elif region is None:
        raise NotNormalError("a national number, and no country is known: set `country` in site.toml")
    if region is not None and body.startswith("00") and not digits.startswith("+"):
        digits = _past_zeros(body, region)
    try:
        found = phonenumbers.parse(digits, region)
        made = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        made = (
            digits if digits.startswith("+") and not digits.startswith("+0") else ""
        )  # a code of no country: as it is
    if not 6 <= len(made) - 1 <= E164_DIGITS:
        raise NotNormalError("not an E.164 number")
    return made


def _past_zeros(body: str, region: str) -> str:
    """`00…` as the country dials it, unless that is no number and the prefix ITU-T E.164 recommends gives one.

    Registries write 00 for abroad in countries that dial 011 as well.
    """
    for text in (body, f"+{body[2:]}"):
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(text, region)):
                return text
        except phonenumbers.NumberParseException:
            continue
    return body


def _open_ended(digits: str, wild: str, country: str, international: bool) -> Identifier:
    """`6421809*`: every number that begins so; `6421809xxxx`: those of that length."""
    stem = _stem(digits, country, international)
    if wild.strip("*%#"):
        return Identifier("msisdn", f"{stem}{'x' * len(wild)}", f"{10 ** len(wild)} numbers")
    return Identifier("msisdn", f"{stem}*", f"all numbers after {len(stem) - 1} digits")


def _stem(digits: str, country: str, international: bool) -> str:
    body = digits.removeprefix("+")
    if not body.isdigit() or len(body) < _OPEN_ENDED_MIN:
        raise NotNormalError("a wildcard with too few digits before it")
    if digits.startswith("+") or (international and not body.startswith("0")):
        return f"+{body}"
    if body.startswith("00"):
        return f"+{body[2:]}"
    region = region_of(country) if country else None
    if region is None:
        raise NotNormalError("a national number, and no country is known: set `country` in site.toml")
    trunk = phonenumbers.phonemetadata.PhoneMetadata.metadata_for_region(region, None)
    prefix = (trunk.national_prefix or "") if trunk else ""
    return f"+{phonenumbers.country_code_for_region(region)}{body.removeprefix(prefix) if prefix else body}"


def _range(first: str, last: str) -> Identifier:
    if len(first) != len(last) or first > last:
        raise NotNormalError("a range whose end lies before its start")
    count = int(last) - int(first) + 1
    if count == 1:
        return Identifier("msisdn", first)
    blocks = number_blocks(first, last)
    if len(blocks) == 1:
        stem = blocks[0].rstrip("x")
        return Identifier("msisdn", blocks[0], f"{10 ** (len(blocks[0]) - len(stem))} numbers")
    return Identifier("msisdn", f"{first}-{last}", f"{count} numbers")


def number_blocks(first: str, last: str) -> list[str]:
    """The fewest decimal blocks (`+642180967xx`) that cover first to last, both of one length."""
    low, high, length = int(first), int(last), len(first) - 1
    blocks = []
    while low <= high:
        size = 1
        while low % (size * 10) == 0 and low + size * 10 - 1 <= high:
            size *= 10
        tail = len(str(size)) - 1
        blocks.append(f"+{low:0{length}d}"[: len(first) - tail] + "x" * tail)
        low += size
    return blocks


def read_imsi(text: str, country: str) -> Identifier:  # noqa: ARG001 - one signature for all forms
    """An IMSI, or a SUPI written `imsi-…` (3GPP TS 29.571)."""
    digits = plain_digits(_SCHEME.sub("", text.strip()))
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15):
        raise NotNormalError("an IMSI has 6 to 15 digits")
    return Identifier("imsi", digits)


def read_imei(text: str, country: str) -> Identifier:  # noqa: ARG001
    """An IMEI of 14 or 15 digits or an IMEISV of 16, as the 14 digits that name the device.

    The check digit must fit, or be the 0 a device transmits in its place (3GPP TS 23.003, clause 6.2.1).
    """
    digits = plain_digits(_SCHEME.sub("", text.strip()).partition(";")[0])
    if not (digits.isascii() and digits.isdigit() and 14 <= len(digits) <= 16):
        raise NotNormalError("an IMEI has 14 to 16 digits")
    if len(digits) == 15 and digits[14] not in {"0", check_digit(digits[:14])}:
        raise NotNormalError("the check digit of the IMEI does not fit")
    return Identifier("imei", digits[:14])


def check_digit(digits: str) -> str:
    """The Luhn digit that belongs behind 14 digits (3GPP TS 23.003, annex B)."""
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(digits))
    return str(-total % 10)


def ancestors(value: str) -> list[str]:
    """Every wider block around a number or block: `+64*`, `+642*` …, and those of its own length."""
    stem = value.rstrip("x*")
    wider = [f"{value[:end]}*" for end in range(2, len(stem) + 1)]
    if not value.endswith("*"):
        wider += [f"{value[:end]}{'x' * (len(value) - end)}" for end in range(2, len(stem) + 1)]
    return [block for block in wider if block != value]


__all__ = ["SINGLE", "ancestors", "check_digit", "number_blocks", "plain_digits", "read_imei", "read_imsi",
           "read_international", "read_national", "read_tel", "region_of"]  # fmt: skip
