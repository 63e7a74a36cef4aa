"""What people sign in the intercept case, and the little that ever leaves it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seawall.cli import output
from seawall.cli.intercepts_officer import REASONS
from seawall.model.case import Case, open_case
from seawall.model.clock import SystemClock
from seawall.model.compartment import notice_finding
from seawall.people import sealed
from seawall.pipeline import compartment
from seawall.pipeline.cases import case_settings, case_state
from seawall.vault.client import Target, VaultClient
from tests.cli.conftest import Ran, Seawall
from tests.pipeline.exports_said import ORDERED_NUMBER, ROGUE_NUMBER, SECRETS, write_exports
from tests.vault.serving import served

PEOPLE = {"ana": "intercept-officer", "ben": "intercept-auditor", "cy": "cleared-officer", "net": "network-engineer"}
Signed = Callable[..., Ran]


@pytest.fixture
def case(seawall: Seawall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """An intercept case whose people have keys, its vault open; a folder of exports beside it."""
    monkeypatch.setattr(sealed, "COST", 16)
    (tmp_path / "secret").write_bytes(b"correct horse battery\n")
    (tmp_path / "secret").chmod(0o600)
    made = open_case(tmp_path / "intercept", SystemClock())
    for who, role in PEOPLE.items():
        words = ("--role", role, "--key", f"{who}.key", "--passphrase-file", "secret", "--case", "intercept")
        assert seawall("people", "add", who, *words).code == 0
    write_exports(tmp_path / "exports")
    with served(made, SystemClock()):
        yield made


@pytest.fixture
def by(seawall: Seawall, case: Case) -> Signed:
    """Runs a command as somebody."""

    def call(who: str, *words: object, purpose: str = "a reason") -> Ran:
        signer = ("--as", who, "--key", f"{who}.key", "--passphrase-file", "secret", "--case", "intercept")
        return seawall("intercepts", *words, *signer, *(("--purpose", purpose) if purpose else ()))

    return call


def watch(seawall: Seawall) -> list[dict[str, str]]:
    ran = seawall("intercepts", "watch", "exports", "--case", "intercept", "--once", "--format", "jsonl")
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_finding_is_closed_by_two_and_not_told_again(seawall: Seawall, by: Signed) -> None:
    rogue = next(one["id"] for one in watch(seawall) if one["detector"] == "TAP_WITHOUT_WARRANT")
    words = ("close", rogue, "--reason", "authorised")
    assert by("ana", *words).code == 3, "one person alone"
    assert by("ana", *words, "--sign-only", "c.json").code == 0
    assert by("ana", *words, "--signed", "c.json", purpose="").code == 3, "the same person twice"
    assert by("net", *words, "--signed", "c.json", purpose="").code == 3, "without the role"
    assert by("ben", "close", rogue, "--reason", "handled", "--signed", "c.json", purpose="").code == 3, (
        "another reason"
    )
    done = by("ben", *words, "--signed", "c.json", purpose="")
    assert (done.code, "signed by ana, ben" in done.err) == (0, True), done.err
    again = seawall("intercepts", "reconcile", "exports", "--case", "intercept", "--format", "jsonl")
    assert rogue not in again.out
    assert "UNEXPECTED_ADMIN" in again.out


def test_a_withheld_authority_makes_a_tap_legitimate(seawall: Seawall, by: Signed, case: Case) -> None:
    client = VaultClient(case.vault_socket)
    commitment = client.commit("0" * 64, [Target("E164", ROGUE_NUMBER, 0, 0, "")], "64")[0]["commitment"]
    client.close()
    words = ("withhold", commitment, "--from", "2026-03-01", "--to", "2026-06-01")
    assert by("ana", *words).code == 3, "an officer who is not cleared"
    assert by("cy", *words).code == 0
    assert "TAP_WITHOUT_WARRANT" not in {one["detector"] for one in watch(seawall)}
    assert by("cy", "withhold", commitment[:9], "--from", "2026-03-01", "--to", "2026-06-01").code == 3


def test_another_policy_than_the_one_two_people_signed_is_said(seawall: Seawall, by: Signed, tmp_path: Path) -> None:
    policy = tmp_path / "exports" / "policy.json"
    assert by("ana", "policy", policy).code == 3, "one person alone"
    assert by("ana", "policy", policy, "--sign-only", "p.json").code == 0
    assert by("ben", "policy", policy, "--signed", "p.json", purpose="").code == 0
    words = ("intercepts", "reconcile", "exports", "--case", "intercept")
    assert "two people" not in seawall(*words).err
    changed = json.loads(policy.read_text())
    changed["admins"].append({"user": "mallory", "role": "li-admin"})
    policy.write_text(json.dumps(changed))
    assert "not the one two people put in force" in seawall(*words).err


def test_seeing_what_the_case_holds_needs_role_purpose_and_signature(
    seawall: Seawall, by: Signed, tmp_path: Path
) -> None:
    watch(seawall)
    assert by("net", "show").code == 3
    assert by("ana", "show", purpose="").code == 3
    shown = by("ben", "show")
    assert "TAP_WITHOUT_WARRANT" in shown.out
    written = b"".join(file.read_bytes() for file in (tmp_path / "intercept").rglob("*") if file.is_file())
    for clear in (ROGUE_NUMBER, ORDERED_NUMBER):
        assert clear[2:].encode() not in written
        assert clear[2:] not in shown.out


def test_one_sentence_crosses_and_nothing_else(seawall: Seawall, by: Signed, evidence: Path, tmp_path: Path) -> None:
    """Every export and every byte of the SOC's case, after a release: the sentence is there, no secret is."""
    assert len(watch(seawall)) == 3
    assert by("net", "release", "--out", "notice.json").code == 3
    assert by("ana", "release", "--out", "notice.json").code == 0
    public = json.loads(seawall("people", "list", "--case", "intercept", "--format", "jsonl").out.splitlines()[0])
    assert seawall("init", "--case", "soc").code == 0
    assert seawall("intercepts", "receive", "notice.json", "--case", "soc").code == 3, "an officer it does not know"
    words = ("--role", "intercept-officer", "--public", public["public"], "--case", "soc")
    assert seawall("people", "add", "ana", *words).code == 0
    for _ in range(2):
        assert seawall("intercepts", "receive", "notice.json", "--case", "soc").out.strip() == (
            "compartmented finding, call officer ana"
        )
    outputs = [
        seawall("hunt", evidence, "--case", "soc", "--format", "ocsf", "--report", "r.html").out,
        (tmp_path / "r.html").read_text(),
    ]
    listed = seawall("incidents", "list", "--case", "soc", "--format", "jsonl").out
    outputs += [listed, (tmp_path / "notice.json").read_text()]
    assert "compartmented finding" in listed
    written = b"\n".join(file.read_bytes() for file in (tmp_path / "soc").rglob("*") if file.is_file())
    for secret in SECRETS:
        assert not any(secret in text for text in outputs), secret
        assert secret.encode() not in written or secret == "warrant", secret  # the lake names its kinds of events


def test_nothing_of_the_intercept_case_leaves_it_as_ocsf_or_proof(
    seawall: Seawall, case: Case, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (finding, *_) = watch(seawall)
    with case_state(case, case_settings(case)) as state:
        kept = state.findings(compartment=True)
        assert state.findings() == []
    capfdbinary.readouterr()
    output.write_findings([*kept, notice_finding("ana", "0" * 32, kept[0].first)], "ocsf")
    out = capfdbinary.readouterr().out.decode()
    assert out.count("\n") == 1
    assert not any(secret in out for secret in SECRETS)
    assert (
        "no finding has that id" in seawall("ledger", "prove", finding["id"], "--case", "intercept", "--out", "p").err
    )


def test_the_reasons_offered_are_those_the_case_knows() -> None:
    assert REASONS == compartment.REASONS
