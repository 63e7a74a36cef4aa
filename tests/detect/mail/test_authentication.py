from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from seawall.detect.mail.judging import judge
from seawall.detect.mail.world import World
from seawall.sources.mail.whole import mail_of

dkim = pytest.importorskip("dkim", reason="checking signatures needs an optional part: make extras")
RAW = b"From: a@kestrelnet.example\r\nTo: noc@velmora.example\r\nSubject: hi\r\n\r\nhello there\r\n"


def test_a_signature_is_verified_offline_and_a_changed_word_breaks_it() -> None:
    key = rsa.generate_private_key(65537, 2048)
    form = serialization
    pem = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    records = {
        "s1._domainkey.kestrelnet.example": f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}",
        "_dmarc.kestrelnet.example": "v=DMARC1; p=reject",
    }
    world = World(frozenset({"velmora.example"}), keys=records, told=True)
    signed = dkim.sign(RAW, b"s1", b"kestrelnet.example", pem) + RAW
    good = judge(mail_of(signed, "x.eml"), world).auth
    assert (good.dkim, good.dmarc, good.basis) == ("pass", "pass", "verified offline")
    bad = judge(mail_of(signed.replace(b"there", b"where"), "x.eml"), world).auth
    assert (bad.dkim, bad.dmarc) == ("fail", "fail")
