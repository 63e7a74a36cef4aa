"""Letters written for tests: invented people, reserved names."""

from __future__ import annotations

from email.message import EmailMessage

from seawall.model.mail import Mail
from seawall.sources.mail.whole import mail_of

PASS = "mx1.velmora.example; spf=pass smtp.mailfrom=x; dkim=pass header.d=x; dmarc=pass header.from=x"
FAIL = "mx1.velmora.example; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail header.from=x"


def letter(
    text: str = "Hello,\n\nthe window on Thursday is confirmed. No action is needed.\n\nRegards\n",
    *,
    sender: str = '"Ines Carvajal" <ines@kestrelnet.example>',
    subject: str = "Maintenance window",
    stamp: str = PASS,
    html: str = "",
    **more: str,
) -> EmailMessage:
    """A message as Velmora's gateway handed it on."""
    message = EmailMessage()
    message["Received"] = (
        "from mail.out.example (mail.out.example [192.0.2.7]) by mx1.velmora.example; Mon, 2 Mar 2026 09:00:00 +0000"
    )
    if stamp:
        message["Authentication-Results"] = stamp
    message["From"] = sender
    message["To"] = "noc@velmora.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 2 Mar 2026 08:59:58 +0000"
    message["Message-ID"] = "<1.2@mail.out.example>"
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def read(message: EmailMessage) -> Mail:
    """A message as the reader hands it on."""
    return mail_of(message.as_bytes(), "one.eml")
