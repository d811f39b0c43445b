from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showground.tlog import merkle

VECTORS = Path(__file__).parent.parent / "vectors"
REFERENCE = json.loads((VECTORS / "rfc6962_reference_tree.json").read_text(encoding="utf-8"))
LEAVES = [merkle.leaf_hash(bytes.fromhex(data)) for data in REFERENCE["leaf_inputs_hex"]]


def _probes(name: str) -> list[dict]:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["probes"]


def _b64(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def _leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(count)]


def test_root_of_reference_tree_at_every_size():
    assert merkle.root([]).hex() == REFERENCE["empty_root_hex"]
    for size, expected in REFERENCE["roots_hex_by_size"].items():
        assert merkle.root(LEAVES[: int(size)]).hex() == expected


@pytest.mark.parametrize("case", REFERENCE["single_hashes"], ids=lambda case: case["hash_hex"][:8])
def test_single_hash(case):
    if case["kind"] == "leaf":
        data = case["data_ascii"].encode() if "data_ascii" in case else bytes.fromhex(case["data_hex"])
        assert merkle.leaf_hash(data).hex() == case["hash_hex"]
    else:
        assert merkle.node_hash(case["left_ascii"].encode(), case["right_ascii"].encode()).hex() == case["hash_hex"]


@pytest.mark.parametrize("case", [c for c in REFERENCE["inclusion_paths"] if c["tree_size"]])
def test_inclusion_path_of_reference_tree(case):
    path = merkle.inclusion_path(case["leaf_1based"] - 1, LEAVES[: case["tree_size"]])
    assert [value.hex() for value in path] == case["path_hex"]


@pytest.mark.parametrize("case", REFERENCE["consistency_proofs"])
def test_consistency_path_of_reference_tree(case):
    path = merkle.consistency_path(case["size1"], LEAVES[: case["size2"]])
    assert [value.hex() for value in path] == case["proof_hex"]


@pytest.mark.parametrize("probe", _probes("merkle_inclusion_probes"), ids=lambda probe: probe["file"])
def test_inclusion_probe(probe):
    path = [_b64(value) for value in probe["proof"] or []]
    args = _b64(probe["leafHash"]), probe["leafIdx"], probe["treeSize"], path, _b64(probe["root"])
    assert merkle.check_inclusion(*args) is not probe["wantErr"]


@pytest.mark.parametrize("probe", _probes("merkle_consistency_probes"), ids=lambda probe: probe["file"])
def test_consistency_probe(probe):
    path = [_b64(value) for value in probe["proof"] or []]
    args = probe["size1"], probe["size2"], path, _b64(probe["root1"]), _b64(probe["root2"])
    short_root = any(len(root) != 32 for root in args[3:])  # the source accepts roots of any length, we never do
    assert merkle.check_consistency(*args) is not (probe["wantErr"] or short_root)


def test_every_inclusion_and_consistency_proof_up_to_33_leaves():
    leaves = _leaves(33)
    roots = [merkle.root(leaves[:size]) for size in range(34)]
    for size in range(1, 34):
        for index in range(size):
            path = merkle.inclusion_path(index, leaves[:size])
            assert merkle.check_inclusion(leaves[index], index, size, path, roots[size])
            assert not merkle.check_inclusion(leaves[index], (index + 1) % size, size, path, roots[size]) or size == 1
        for old in range(size + 1):
            path = merkle.consistency_path(old, leaves[:size])
            assert merkle.check_consistency(old, size, path, roots[old], roots[size])
            other = (old + 1) % (size + 1)
            assert not merkle.check_consistency(other, size, path, roots[old], roots[size])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.data())
def test_tampered_inclusion_proof_fails(size, data):
    leaves = _leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion_path(index, leaves), merkle.root(leaves)
    assert merkle.check_inclusion(leaves[index], index, size, path, root)
    everything = [leaves[index], root, *path]
    place = data.draw(st.integers(0, len(everything) - 1))
    bit = data.draw(st.integers(0, 255))
    broken = bytearray(everything[place])
    broken[bit // 8] ^= 1 << bit % 8
    everything[place] = bytes(broken)
    assert not merkle.check_inclusion(everything[0], index, size, everything[2:], everything[1])
    assert not merkle.check_inclusion(leaves[index], index, size, [*path, root], root)
    assert not path or not merkle.check_inclusion(leaves[index], index, size, path[:-1], root)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.data())
def test_tampered_consistency_proof_fails(size, data):
    leaves = _leaves(size)
    old = data.draw(st.integers(1, size))
    path = merkle.consistency_path(old, leaves)
    everything = [merkle.root(leaves[:old]), merkle.root(leaves), *path]
    assert merkle.check_consistency(old, size, path, everything[0], everything[1])
    place = data.draw(st.integers(0, len(everything) - 1))
    broken = [*everything]
    broken[place] = merkle.leaf_hash(broken[place])
    assert not merkle.check_consistency(old, size, broken[2:], broken[0], broken[1])
    assert not merkle.check_consistency(old, size, [*path, everything[1]], everything[0], everything[1])


def test_growing_tree_has_the_root_of_its_leaves():
    tree, leaves = merkle.Tree(), _leaves(300)
    assert tree.root() == merkle.EMPTY_ROOT
    for size, leaf in enumerate(leaves, 1):
        tree.append(leaf)
        assert tree.root() == merkle.root(leaves[:size])
    again = merkle.Tree(tree.size, tree.peaks)
    again.extend(_leaves(310)[300:])
    assert again.root() == merkle.root(_leaves(310))


def test_tree_with_the_wrong_number_of_peaks_is_refused():
    with pytest.raises(ValueError, match="full subtrees"):
        merkle.Tree(3, [merkle.EMPTY_ROOT])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_path_of_a_leaf_outside_the_tree_is_refused(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(index, size)


def test_consistency_path_backwards_is_refused():
    with pytest.raises(ValueError, match="cannot continue"):
        merkle.consistency_ranges(4, 3)
