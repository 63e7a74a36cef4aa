from __future__ import annotations

from seawall.platforms.config import read


def test_the_lines_come_back_with_secrets_masked() -> None:
    text = "hostname r1\r\n!\r\nusername ann secret 9 $9$abcdefgh$ijklmnop\r\n  odd   spacing \r\nend\r\n"
    (config,) = read(text)
    assert config.printed() == "hostname r1\n!\nusername ann secret 9 <masked>\n  odd   spacing \nend\n"
    assert [one.line for one in config.statements] == [1, 3, 5]
