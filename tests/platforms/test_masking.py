# ruff: noqa: E501 - log lines are as long as they are
"""Planted secrets never survive, and nothing else is lost."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.masking import MASK, mask, names_a_secret, struck

PLACES = (  # where vendors write secrets; X is the secret
    "username ann privilege 15 secret X",
    "username ann password 7 X",
    "username ann secret 9 X",
    "username ann privilege 15 role network-admin secret sha512 X",
    "create user ann identified by X",
    "ALTER USER ann IDENTIFIED  WITH mysql_native_password BY 'X'",
    "enable secret X",
    "enable secret 5 X",
    "enable algorithm-type scrypt secret X",
    "snmp-server community X RO",
    "snmp-server community X view all RW 10",
    "no snmp-server community X",
    "snmp-server host 192.0.2.9 version 2c X",
    "snmp-server host 192.0.2.9 traps X",
    "snmp-server host inside 192.0.2.9 community X version 2c",
    "snmp-server host inside 192.0.2.9 poll community 0 X udp-port 162",
    "snmp-server host inside 192.0.2.9 X",
    "snmp-server community-map X context c",
    "snmp-server user ann network-admin auth md5 X priv X localizedkey",
    "snmp-agent usm-user v3 ann grp authentication-mode sha X privacy-mode aes128 X",
    "set snmp v3 snmp-community i community-name X",
    "trap-target t address 192.0.2.9 snmpv2c notify-community X",
    "community X access-permissions r",
    "set deviceconfig system snmp-setting access-setting version v2c snmp-community-string X",
    "set priv-pwd X",
    "set md5-key X",
    "set server-key X",
    "failover key X",
    "failover key hex X",
    "keystring X",
    "server-key 7 X",
    "username ann nt-encrypted X",
    "enable secret level 5 5 X",
    "super password level 3 cipher X",
    "md5-password plain 192.0.2.9 X",
    "mka key 0a1b 7 X",
    "key 0a1b 7 X fallback",
    "key-octet-string 7 X cryptographic-algorithm aes-256-cmac",
    "snmp-server host 192.0.2.9 vrf mgmt version 2c X udp-port 162",
    "snmp-server user ann grp v3 auth sha X",
    "snmp-server user ann grp v3 auth md5 X priv aes 128 X",
    "snmp-server user ann network-admin auth sha X priv aes-128 X localizedkey",
    "tacacs-server host 192.0.2.9 key X",
    "tacacs-server key 7 X",
    "radius-server host 192.0.2.9 auth-port 1812 key X",
    "server-private 192.0.2.9 key 7 X",
    "User:ann  logged command:key X",
    " key 7 X",
    "key-string X",
    "key-string 7 X",
    "crypto isakmp key X address 192.0.2.9",
    "crypto isakmp key 6 X hostname peer",
    "pre-shared-key local X",
    "pre-shared-key address 192.0.2.9 key X",
    "pre-shared-key ascii-text X",
    "neighbor 192.0.2.9 password X",
    "neighbor 192.0.2.9 password 7 X",
    "ip ospf message-digest-key 1 md5 X",
    "ip ospf message-digest-key 1 md5 7 X",
    "ip ospf authentication-key X",
    "isis password X level-2",
    "lsp-password hmac-md5 encrypted X",
    "area-password X",
    "standby 1 authentication X",
    "standby 1 authentication md5 key-string X",
    "vrrp 7 authentication text X",
    "ip nhrp authentication X",
    "ntp authentication-key 1 md5 X 7",
    "ntp authentication-key 1 sha1 7 X",
    "ppp chap password 0 X",
    "ip ftp password X",
    "ip http client password 7 X",
    "copy running-config ftp://ann:X@192.0.2.9/x",
    "copy scp://ann:X@192.0.2.9/x bootflash:",
    "crypto pki export tp pem terminal 3des X",
    "crypto key export rsa EDGE pem url flash: 3des X",
    "usern bob priv 15 sec X",
    "usern bob pass 0 X",
    "ena sec 9 X",
    "snmp-s comm X rw",
    "key config-key password-encrypt X",
    'set system login user ann authentication encrypted-password "X"',
    "set system root-authentication encrypted-password X",
    'set system tacplus-server 192.0.2.9 secret "X"',
    'secret "X"; ## SECRET-DATA',
    "set snmp community X authorization read-only",
    "User 'ann' set: [snmp community X authorization] unconfigured -- \"read-only\"",
    'set security ike policy p pre-shared-key ascii-text "X"',
    'set protocols bgp group g authentication-key "X"',
    "set snmp v3 usm local-engine user ann authentication-sha authentication-password X",
    "SNMPD_AUTH_FAILURE: nsa_log_community: unauthorized SNMP community from 203.0.113.9 to 192.0.2.5 (X)",
    "local-user ann password cipher X",
    "local-user ann password irreversible-cipher X",
    "snmp-agent community read cipher X",
    "hwtacacs-server shared-key cipher X",
    "radius-server shared-key cipher X",
    "ospf authentication-mode md5 1 cipher X",
    "ospf authentication-mode simple cipher X",
    'Recorded command information. (Task=VT0, Command="local-user ann password cipher X")',
    'Recorded command information. (Command="set authentication password cipher X", LocalIp=192.0.2.2.)',
    'configure system security user "ann" password "X"',
    'snmp community "X" hash2 rwa version both',
    "set password ENC X",
    "set psksecret X",
    "set passphrase X",
    "password=X",
    'password="X"',
    "password: X",
    '{"password": "X", "user": "ann"}',
    '"client_secret":"X"',
    "Authorization: Basic X",
    "Authorization: Bearer X",
    "GET /api?token=X HTTP/1.1",
    "api_key=X",
    "snmpwalk -v2c -c X 192.0.2.9",
    "cmd=username ann secret X <cr>",
    "User 'ann', command 'set system login user ann authentication plain-text-password-value X '",
)
SHAPES = st.from_regex(r"[A-Za-z0-9]{2}[A-Za-z0-9!#%^_+=/.\-]{6,18}[A-Za-z0-9]{2}", fullmatch=True).filter(
    lambda s: not s.isdigit()
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "secret", ["hUnter2Zx9", "$9$aBcD.eFgH/iJkL", "$1$mERr$hx5rVt7rPNoS4wqbXKX7m0", "08224F5A1B0D16", "x!y#z%Q^w_1"]
)
def test_a_planted_secret_does_not_survive(place: str, secret: str) -> None:
    line = place.replace("X", secret)
    masked = mask(line)
    assert secret not in masked
    assert mask(masked) == masked
    assert MASK in masked


@given(st.sampled_from(PLACES), SHAPES)
def test_no_secret_of_any_shape_survives(place: str, secret: str) -> None:
    masked = mask(place.replace("X", secret))
    assert secret not in masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "line",
    [
        "show tacacs",
        "show running-config | include secret",
        "aaa authentication login default group tacacs+ local",
        "aaa authorization commands 15 default group tacacs+",
        "key chain ISIS",
        " key 1",
        "crypto key generate rsa modulus 4096",
        "crypto key zeroize rsa",
        "ip ssh pubkey-chain",
        "service password-encryption",
        "Failed password for root from 203.0.113.9 port 22 ssh2",
        "Accepted publickey for ann from 192.0.2.15 port 22 ssh2: RSA SHA256:abc",
        "username ann privilege 15 secret *",
        "snmp-server community * RO",
        "ip community-list standard X permit 65000:1",
        "set community 65000:100 additive",
        "neighbor 192.0.2.9 send-community both",
        "Command has been added to the configuration using a type 7 password. However, type 7 passwords will be deprecated",
        "Successfully authenticated user 'ann' from '192.0.2.1' on 'vty0'(cipher 'aes128-ctr', mac 'hmac-sha2-256')",
        "copy tftp://192.0.2.9:69/x flash:",
        "no enable password",
        "tunnel source Loopback0",
        "monitor capture mycap match ipv4 protocol tcp any any eq 49",
    ],
)
def test_what_holds_no_secret_stays_as_it_is(line: str) -> None:
    assert mask(line) is line or mask(line) == line


def test_the_folder_sudo_ran_in_is_no_password_and_a_password_that_begins_like_one_is() -> None:
    line = "ann : TTY=pts/0 ; PWD=/home/a.lind ; USER=root ; COMMAND=/usr/bin/less /var/log/messages"
    assert mask(line) == line
    assert "/hUnter2" not in mask("Server=db1;Uid=sa;Pwd=/hUnter2;") + mask("PWD=/hUnter2 USER=root")


def test_a_private_key_is_masked_from_begin_to_end() -> None:
    text = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nxyz\n-----END RSA PRIVATE KEY-----\nb"
    assert mask(text) == f"a\n{MASK}\nb"
    assert "MIIE" not in mask("MIIE" * 16)  # a line of one, on its own


def test_the_rest_of_the_line_keeps_its_shape() -> None:
    assert (
        mask("username ann privilege 15 secret 9 $9$abcdefgh <cr>") == f"username ann privilege 15 secret 9 {MASK} <cr>"
    )
    assert json.loads(mask('{"password": "hUnter2Zx9", "user": "ann"}')) == {"password": MASK, "user": "ann"}


@given(st.text(max_size=200))
def test_any_text_can_be_masked_twice(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "unit",
    [
        "tacacs ",
        "tacacs key",
        "://a:",
        'password "',
        ";",
        "password ;",
        "snmp.",
        "a_",
        "a-secret",
        "passwd",
        "$1$",
        "%@%@",
        "key key ",
        "snmp-server host a ",
    ],
)
def test_lines_made_to_be_slow_are_not(unit: str) -> None:
    line = f"secret {unit * (100_000 // len(unit))}"
    start = time.process_time()
    mask(line)
    assert time.process_time() - start < 5


def test_columns_named_like_secrets_are_known_and_others_are_not() -> None:
    assert all(map(names_a_secret, ("Password", "new_passwd", "userPwdHash", "API Token", "apiKey", "snmp_community")))
    assert not any(map(names_a_secret, ("user", "Operation", "key", "object", "pass_through", "bypass")))


@given(st.text('ab"\\=|,x1', min_size=1, max_size=8), st.sampled_from(["csv", "json", "plain"]))
def test_a_struck_secret_is_gone_in_every_spelling_or_the_record_is(secret: str, form: str) -> None:
    written = {
        "csv": '"' + secret.replace('"', '""') + '"',
        "json": json.dumps(secret),
        "plain": f" {secret} ",
    }[form]
    shown = struck(f"Q;{written};Q", [secret])
    assert shown is None or secret in ("0", "1") or MASK in shown


def test_a_secret_inside_a_longer_word_is_not_struck_there() -> None:
    assert struck("ann,set,annual,ann1,ann", ["ann"]) == f"{MASK},set,annual,ann1,{MASK}"
    assert struck("changed=yes", ["yes"]) == "changed=yes"
    assert struck("a,b", ["c"]) is None
