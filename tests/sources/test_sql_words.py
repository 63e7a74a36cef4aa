from __future__ import annotations

import time

import pytest

from seawall.sources.sql_words import Statement, masked, read_statement


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("select * from crm.customers where id = 1", Statement("SELECT", "read", "crm.customers")),
        ('/* app */ -- note\n(SELECT a FROM "CRM"."Customers")', Statement("SELECT", "read", "CRM.Customers")),
        ("with x as (select 1) select * from cdr", Statement("WITH", "read", "cdr")),
        ("WITH d AS (SELECT 1) DELETE FROM cdr", Statement("DELETE", "delete", "cdr")),
        ("insert into `billing`.`invoice` values (1)", Statement("INSERT", "write", "billing.invoice")),
        ("UPDATE ONLY hlr.subscriber SET a=1", Statement("UPDATE", "write", "hlr.subscriber")),
        ("COPY cdr TO STDOUT", Statement("COPY", "export", "cdr")),
        ("COPY cdr FROM STDIN", Statement("COPY", "write", "cdr")),
        ("select * from cdr into outfile '/tmp/x'", Statement("SELECT", "export", "cdr")),
        ("drop table if exists audit_trail", Statement("DROP", "admin", "audit_trail")),
        ("GRANT ALL ON crm.customers TO eve", Statement("GRANT", "admin", "crm.customers")),
        ("CREATE USER eve IDENTIFIED BY x", Statement("CREATE", "admin", "eve")),
        ("truncate table cdr", Statement("TRUNCATE", "delete", "cdr")),
        ("COMMIT", Statement("COMMIT", None, None)),
        ("", Statement(None, None, None)),
    ],
)
def test_a_statement_says_what_it_does_to_what(sql: str, wanted: Statement) -> None:
    assert read_statement(sql) == wanted


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE USER eve IDENTIFIED BY hUnter2Zx9",
        'ALTER USER eve IDENTIFIED BY "hUnter2Zx9" REPLACE "x"',
        "ALTER ROLE eve WITH ENCRYPTED PASSWORD 'hUnter2Zx9'",
        "SET PASSWORD = PASSWORD('hUnter2Zx9')",
        "CREATE USER 'eve'@'%' IDENTIFIED WITH mysql_native_password BY 'hUnter2Zx9'",
        "select pgp_sym_decrypt(a, 'hUnter2Zx9') from t",
        "ALTER ROLE eve PASSWORD 'hUnter2Zx9 never closed",
    ],
)
def test_secrets_of_statements_are_masked(sql: str) -> None:
    text = masked(sql)
    assert text is not None
    assert "hUnter2Zx9" not in text
    assert "<masked>" in text


def test_a_statement_made_to_be_slow_is_not() -> None:
    began = time.process_time()
    for evil in (
        "password" + " " * 20_000,
        "/*" * 20_000,
        "(" * 50_000,
        "select " + "a.b " * 20_000,
        "copy (" + "from " * 20_000,
        "with " + ") " * 30_000,
    ):
        read_statement(evil)
        masked("identified by " + evil)
    assert time.process_time() - began < 5
