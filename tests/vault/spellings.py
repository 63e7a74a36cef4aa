"""One identifier in the many ways registries, devices and people write it; every number is an invention."""

from __future__ import annotations

import random
from collections.abc import Callable

from seawall.vault.identifiers.numbers import check_digit

Spelled = list[tuple[str, str]]  # form, value

NEW_ZEALAND = "64"


def _groups(digits: str, sign: str) -> str:
    return f"{digits[:2]}{sign}{digits[2:5]}{sign}{digits[5:]}"


def msisdn(dice: random.Random) -> tuple[str, Spelled]:
    """A mobile number of New Zealand."""
    national = f"21{dice.randrange(1_000_000, 10_000_000)}"
    spaced, dashed = _groups(national, " "), _groups(national, "-")
    number = f"64{national}"
    wide = number.translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    arabic = number.translate({ord(str(d)): 0x0660 + d for d in range(10)})
    return f"+{number}", [
        ("InternationalE164", number),
        ("InternationalE164", f"+{number}"),
        ("InternationalE164", f"00{number}"),
        ("international-e164", f" +64 {spaced} "),
        ("E164Number", f"+64-{dashed}"),
        ("e164Number", f"+64 (0){spaced}"),
        ("NationalE164", f"0{national}"),
        ("NationalE164", f"0{spaced}"),
        ("NationalE164", f"(0{national[:2]}) {national[2:]}"),
        ("NationalE164", f"+{number}"),
        ("NationalE164", f"00 64 {spaced}"),
        ("NationalE164", national),
        ("TELURI", f"tel:+{number}"),
        ("TELURI", f"tel:+64-{dashed};isub=12"),
        ("TELURI", f"TEL:0{national};phone-context=+64"),
        ("SIPURI", f"sip:+{number}@ims.example.net;user=phone"),
        ("SIPURI", f"sips:%2B{number}@other.example:5061;transport=tls;user=phone"),
        ("gpsiMsisdn", f"msisdn-{number}"),
        ("MSISDN", f"+{wide}"),
        ("MSISDN", f"+{arabic}"),
        ("E.164", f"+64.{_groups(national, '.')}"),
    ]


def imsi(dice: random.Random) -> tuple[str, Spelled]:
    digits = f"53001{dice.randrange(10**9, 10**10)}"
    forms = ["IMSI", "imsi", "supiimsi", "SUPI"]
    values = [
        digits,
        f"imsi-{digits}",
        f"IMSI-{digits}",
        f" {digits[:3]} {digits[3:5]} {digits[5:]}",
        f"{digits[:3]}-{digits[3:5]}-{digits[5:]}",
    ]
    spelled = [(form, value) for form in forms for value in values]
    return digits, [*spelled, ("NAI", f"0{digits}@nai.epc.mnc001.mcc530.3gppnetwork.org")][:20]


def imei(dice: random.Random) -> tuple[str, Spelled]:
    digits = f"35{dice.randrange(10**11, 10**12)}"
    check = check_digit(digits)
    written = [
        digits,
        digits + check,
        digits + "0",
        digits + "07",
        f"{digits[:8]}-{digits[8:]}-{check}",
        f"{digits[:2]} {digits[2:8]} {digits[8:]} {check}",
        f"imei-{digits}{check}",
        f"urn:gsma:imei:{digits[:8]}-{digits[8:]}-{check}",
        f"{digits[:8]}/{digits[8:]}/{check}",
        f"IMEISV-{digits}07",
    ]
    return digits, [(form, value) for form in ("IMEI", "peiImei") for value in written]


def mac(dice: random.Random) -> tuple[str, Spelled]:
    digits = f"02{dice.randrange(16**10):010x}"
    pairs = [digits[i : i + 2] for i in range(0, 12, 2)]
    fours = [digits[i : i + 4] for i in range(0, 12, 4)]
    eui = [*pairs[:3], "ff", "fe", *pairs[3:]]
    bare = [
        ":".join(pairs),
        "-".join(pairs),
        ".".join(fours),
        digits,
        ":".join(fours),
        " ".join(pairs),
        f"0x{digits}",
        ":".join(p.lstrip("0") or "0" for p in pairs),
        ":".join(eui),
        "-".join(eui),
    ]
    return digits, [("MACAddress", spell) for value in bare for spell in (value, value.upper())]


def ipv4(dice: random.Random) -> tuple[str, Spelled]:
    octets = [203, 0, 113, dice.randrange(256)] if dice.random() < 0.1 else [10, *(dice.randrange(256) for _ in "abc")]
    plain = ".".join(map(str, octets))
    values = [
        plain,
        f"{plain}/32",
        f" {plain} ",
        f"{plain}/255.255.255.255",
        f"{plain} 255.255.255.255",
        ".".join(f"{o:03d}" for o in octets),
        f"::ffff:{plain}",
        f"{plain}-{plain}",
        f"[::FFFF:{plain}]",
        f"::ffff:{octets[0]:02x}{octets[1]:02x}:{octets[2]:02x}{octets[3]:02x}/128",
    ]
    return f"{plain}/32", [(form, value) for form in ("IPv4Address", "IPv4CIDR") for value in values]


def ipv6(dice: random.Random) -> tuple[str, Spelled]:
    groups = ["2001", "db8", *(f"{dice.randrange(1, 65536):x}" for _ in "abcd"), "0", f"{dice.randrange(1, 65536):x}"]
    plain = ":".join(groups)
    full = ":".join(group.zfill(4) for group in groups)
    short = plain.replace(":0:", "::") if plain.count(":0:") == 1 else plain
    base = [plain, full, short, f"[{plain}]", f" {full} "]
    values = [*base, *(f"{v.strip(' []')}/128" for v in base[:3]), f"{plain}-{full}", f"{plain}%eth0"]
    return f"{plain}/128", [("IPv6Address", spell) for value in values for spell in (value, value.upper())]


def mail(dice: random.Random) -> tuple[str, Spelled]:
    name = f"kim.{dice.randrange(16**7):07x}"
    box = f"{name}@mail.example.net"
    values = [
        box,
        box.upper(),
        f"mailto:{box}",
        f"<{box}>",
        f"Kim <{box}>",
        f"  {box}  ",
        f"{box}.",
        f'"{name}"@mail.example.net',
        f"mailto:{box}?subject=x",
        f"{name.title()}@Mail.Example.NET",
    ]
    return box, [(form, value) for form in ("EmailAddress", "internationalizedEmailAddress") for value in values]


def sip(dice: random.Random) -> tuple[str, Spelled]:
    name = f"user{dice.randrange(16**7):07x}"
    bare = f"{name}@ims.example.net"
    values = [
        f"sip:{bare}",
        f"sips:{bare}",
        f"SIP:{name}@IMS.EXAMPLE.NET",
        f"sip:{bare}:5060",
        f"<sip:{bare}>",
        f'"K" <sip:{bare}>;tag=1',
        f"sip:{bare};transport=tcp",
        f"sip:{bare}?subject=x",
        f"sip:%75{name[1:]}@ims.example.net",
        bare,
    ]
    return bare, [(form, value) for form in ("SIPURI", "impu") for value in values if "tag=" not in value]


def nai(dice: random.Random) -> tuple[str, Spelled]:
    name = f"cust{dice.randrange(16**7):07x}"
    bare = f"{name}@isp.example"
    values = [bare, f"{name}@ISP.example", f" {bare} ", f"nai-{bare}", f"{bare}."]
    return bare, [(form, value) for form in ("NAI", "supinai", "impi", "Username") for value in values]


MAKERS: dict[str, Callable[[random.Random], tuple[str, Spelled]]] = {
    "msisdn": msisdn,
    "imsi": imsi,
    "imei": imei,
    "mac": mac,
    "ipv4": ipv4,
    "ipv6": ipv6,
    "mail": mail,
    "sip": sip,
    "nai": nai,
}
