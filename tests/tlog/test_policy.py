from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from showground.tlog import Malformed, note, policy


def _key(name: str, type: int) -> note.Key:
    seed = name.encode().ljust(32, b".")[:32]
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return note.Key(name, type, public)


LOG = _key("vote.example.org/2026", note.ED25519)
W1, W2, W3 = (_key(f"w{i}.example", note.COSIGNATURE) for i in (1, 2, 3))
FULL = f"""# trust of the week
log {LOG.vkey} https://vote.example.org/log/2026

witness notary {W1.vkey} http://127.0.0.1:8311
witness press {W2.vkey}
witness uni {W3.vkey}
group others any press uni
group both all notary others
quorum both
"""


def test_policy_reads_logs_witnesses_groups_and_quorum():
    read = policy.parse(FULL.encode())
    assert read.logs == {LOG.name: LOG}
    assert read.witnesses == {"notary": W1, "press": W2, "uni": W3}
    assert read.groups["both"] == policy.Group(2, ("notary", "others"))
    assert read.urls["notary"] == "http://127.0.0.1:8311"
    assert read.quorum == "both"


@pytest.mark.parametrize(
    ("cosigners", "enough"), [([], False), ([W1], False), ([W2, W3], False), ([W1, W3], True), ([W1, W2, W3], True)]
)
def test_quorum_counts_groups(cosigners, enough):
    assert policy.parse(FULL).satisfied(cosigners) is enough


def test_quorum_of_a_number_and_of_none():
    two = FULL.replace("any press uni", "2 press uni")
    assert not policy.parse(two).satisfied([W1, W2])
    assert policy.parse(two).satisfied([W1, W2, W3])
    assert policy.parse(FULL.replace("quorum both", "quorum none")).satisfied([])
    assert policy.parse(FULL.replace("quorum both", "quorum notary")).satisfied([W1])


def test_cosigner_of_the_same_name_but_another_key_does_not_count():
    forged = note.Key(W1.name, note.COSIGNATURE, W2.public)
    assert not policy.parse(FULL.replace("quorum both", "quorum notary")).satisfied([forged])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t.replace("quorum both\n", ""), "no quorum"),
        (lambda t: t + "quorum both\n", "exactly one"),
        (lambda t: t.replace("quorum both", "quorum all three"), "exactly one"),
        (lambda t: t.replace("quorum both", "quorum nobody"), "not defined"),
        (lambda t: "trust me\n" + t, "line 1 of the policy: unknown word"),
        (lambda t: t.replace("any press", "any later"), "not defined"),
        (lambda t: t.replace("all notary others", "all notary press"), "in a group already"),
        (lambda t: t.replace("any press uni", "any press press"), "in a group already"),
        (lambda t: t.replace("any press", "0 press"), "at least 1"),
        (lambda t: t.replace("any press", "3 press"), "larger than 2"),
        (lambda t: t.replace("any press", "most press"), "plain decimal"),
        (lambda t: t.replace("witness uni", "witness press"), "taken"),
        (lambda t: t.replace("witness uni", "witness none"), "taken"),
        (lambda t: t.replace(W3.vkey, W2.vkey), "same public key"),
        (lambda t: t.replace(W3.vkey, note.Key("other.example", 4, W1.public).vkey), "same public key"),
        (lambda t: t.replace(W3.vkey, note.Key("w3.example", 1, W3.public).vkey), "type 04, not 01"),
        (lambda t: t.replace(LOG.vkey, note.Key(LOG.name, 4, LOG.public).vkey), "type 01, not 04"),
        (lambda t: t.replace("witness uni ", "witness "), "witness <name>"),
        (lambda t: t.replace("group others any press uni", "group others any"), "group <name>"),
        (lambda t: t + f"log {note.Key(LOG.name, 1, _key('x', 1).public).vkey}\n", "given twice"),
        (lambda t: t + "log\n", "log <vkey>"),
    ],
)
def test_bad_policy_says_where_and_why(change, why):
    with pytest.raises(Malformed, match=why):
        policy.parse(change(FULL))


def test_forty_witnesses_are_supported():
    lines = [f"witness w{i} {_key(f'w{i}', 4).vkey}" for i in range(40)]
    text = "\n".join([*lines, "group g 33 " + " ".join(f"w{i}" for i in range(40)), "quorum g"])
    keys = [_key(f"w{i}", 4) for i in range(40)]
    assert policy.parse(text).satisfied(keys[:33])
    assert not policy.parse(text).satisfied(keys[:32])
