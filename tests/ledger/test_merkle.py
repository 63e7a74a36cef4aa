"""RFC 6962 against its own words, against other people's vectors, and against every small change."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.ledger.merkle import (
    EMPTY_ROOT,
    Growing,
    consistency_proof,
    fold_pairs,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.corpus import corpus_path
from tests.ledger.making import flip, slow_path, slow_root, slow_sub

CLASSIC = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves_of(size: int) -> list[bytes]:
    return [b"leaf %d" % n for n in range(size)]


class Leaves:
    """Full subtrees of a list, counted from the leaves each time."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.hashes = [leaf_hash(leaf) for leaf in leaves]

    def full(self, height: int, number: int) -> bytes:
        return fold_pairs(self.hashes[number << height : (number + 1) << height])


def test_the_classic_leaves_have_the_classic_roots() -> None:
    tree = Growing()
    roots = [tree.root().hex()]
    for leaf in CLASSIC:
        tree.add(leaf_hash(bytes.fromhex(leaf)))
        roots.append(tree.root().hex())
    assert roots == ROOTS


def test_a_node_is_never_taken_for_a_leaf() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert Growing().root() == EMPTY_ROOT


def test_every_tree_to_70_proves_every_leaf_and_every_older_self_as_the_rfc_words_it() -> None:
    for size in range(1, 71):
        leaves = leaves_of(size)
        full = Leaves(leaves).full
        root = root_of(0, size, full)
        assert root == slow_root(leaves)
        for index in range(size):
            proof = inclusion_proof(index, size, full)
            assert proof == slow_path(index, leaves)
            assert verify_inclusion(index, size, leaf_hash(leaves[index]), proof, root)
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, full)
            assert proof == slow_sub(old, leaves)
            assert verify_consistency(old, size, proof, slow_root(leaves[:old]), root)


@given(st.data())
def test_any_change_of_an_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 300))
    index = data.draw(st.integers(0, size - 1))
    tree = Leaves(leaves_of(size))
    proof, root = inclusion_proof(index, size, tree.full), root_of(0, size, tree.full)
    leaf = tree.hashes[index]
    for changed in changed_proofs(data, proof):
        assert not verify_inclusion(index, size, leaf, changed, root)
    bit = data.draw(st.integers(0, 255))
    assert not verify_inclusion(index, size, flip(leaf, bit), proof, root)
    assert not verify_inclusion(index, size, leaf, proof, flip(root, bit))
    other = data.draw(st.integers(-3, size + 3).filter(lambda n: n != index))
    assert not verify_inclusion(other, size, leaf, proof, root)


@given(st.data())
def test_any_change_of_a_consistency_proof_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 300))
    old = data.draw(st.integers(1, new - 1))
    full = Leaves(leaves_of(new)).full
    proof = consistency_proof(old, new, full)
    old_root, new_root = root_of(0, old, full), root_of(0, new, full)
    for changed in changed_proofs(data, proof):
        assert not verify_consistency(old, new, changed, old_root, new_root)
    bit = data.draw(st.integers(0, 255))
    assert not verify_consistency(old, new, proof, flip(old_root, bit), new_root)
    assert not verify_consistency(old, new, proof, old_root, flip(new_root, bit))
    assert not verify_consistency(new, old, proof, old_root, new_root)


def changed_proofs(data: st.DataObject, proof: list[bytes]) -> list[list[bytes]]:
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = [
        [*proof[:at], flip(proof[at], bit), *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof[:at], proof[at], *proof[at:]],
        [*proof, proof[-1]],
        [*proof[:at], proof[at][:-1], *proof[at + 1 :]],
    ]
    if len(set(proof)) > 1:
        changed.append([*proof[1:], proof[0]])
    return [c for c in changed if c != proof]


def test_an_empty_older_tree_is_never_accepted() -> None:
    assert not verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert not verify_consistency(0, 3, [], EMPTY_ROOT, slow_root(leaves_of(3)))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def vectors(name: str) -> list[dict[str, object]]:
    found = json.loads(corpus_path("lawful-intercept", "tlog", name).read_bytes())
    assert isinstance(found, list)
    return found


@pytest.mark.corpus
def test_all_inclusion_vectors_of_transparency_dev_agree() -> None:
    cases = vectors("merkle-inclusion.json")
    assert len(cases) == 53
    for case in cases:
        proof = [raw(str(p)) for p in case["proof"] or []]  # type: ignore[attr-defined]
        found = verify_inclusion(
            int(str(case["leafIdx"])),
            int(str(case["treeSize"])),
            raw(case["leafHash"]),
            proof,
            raw(case["root"]),  # type: ignore[arg-type]
        )
        assert found is not case["wantErr"], case["file"]


@pytest.mark.corpus
def test_all_consistency_vectors_of_transparency_dev_agree() -> None:
    cases = vectors("merkle-consistency.json")
    assert len(cases) == 43
    for case in cases:
        proof = [raw(str(p)) for p in case["proof"] or []]  # type: ignore[attr-defined]
        found = verify_consistency(
            int(str(case["size1"])),
            int(str(case["size2"])),
            proof,
            raw(case["root1"]),
            raw(case["root2"]),  # type: ignore[arg-type]
        )
        assert found is not case["wantErr"], case["file"]


@pytest.mark.corpus
def test_the_projects_own_vectors_to_70_000_leaves_agree() -> None:
    told = json.loads(corpus_path("lawful-intercept", "tlog", "project-vectors.json").read_bytes())
    tree, hashes, roots = Growing(), list[bytes](), {"0": EMPTY_ROOT.hex()}
    for n in range(70_000):
        hashes.append(leaf_hash(b"vecA-entry-%d" % n))
        tree.add(hashes[-1])
        if str(n + 1) in told["roots"]:
            roots[str(n + 1)] = tree.root().hex()
    assert roots == told["roots"]

    def full(height: int, number: int) -> bytes:
        return fold_pairs(hashes[number << height : (number + 1) << height])

    for case in told["inclusion"]:
        assert [h.hex() for h in inclusion_proof(case["index"], case["size"], full)] == case["proof"]
    for case in told["consistency"]:
        assert [h.hex() for h in consistency_proof(case["old"], case["new"], full)] == case["proof"]
