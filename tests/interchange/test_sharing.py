"""A notice as STIX 2.1 and as a MISP event: accepted by the public validators, the same each time, and nothing in it of anybody."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import pytest

from showground.interchange.notices import art16, misp, places, share, stix
from showground.interchange.notices.places import Sign
from showground.rules.harms import CODES
from showground.rules.refused import Refused

AT = 1_790_000_000
DESK = art16.Sender("Report desk", "report@week.example", "week.example")
HASH = "0f" * 32
PLACES = [
    "https://harb0ur-bank.example/login?step=1#victim@home.example", "http://203.0.113.7:8080/x'.apk", "http://[2001:db8::1]/a\\b",
    "https://пример.example/путь", "parcel-fee.top", "agent77@other-place.example", "+44 7700 900123", HASH, "198.51.100.3",
]  # fmt: skip
# Each stands where words, persons or evidence stand in a notice.
SECRETS = {
    "explanation": "Anna-Words told us that bad.example asks for cards", "original": "https://true-bank.example/secret-original",
    "evidence": ["ab" * 32], "law": art16.Law("Lawland", {"en": "Secret Act s. 9", "zh": "秘密法第九条"}, "https://law.example/secret"),
}  # fmt: skip


def notice(category: str = "phishing", **more: Any) -> art16.Notice:
    told: dict[str, Any] = {"case": "C-000017", "category": category, "at": AT, "places": PLACES, "ask": "remove", "sender": DESK}
    return art16.build(**{**SECRETS, **told, **more})


def shared(*notices: art16.Notice, **more: Any) -> share.Share:
    found = share.of(notices or [notice()], **more)
    assert found is not None
    return found


def stix_of(*notices: art16.Notice, **more: Any) -> dict[str, Any]:
    made = stix.bundle(shared(*notices, **more))
    assert made is not None
    return made


EVERY: list[dict[str, Any]] = [{}, {"scope": "case"}, {"scope": "case", "gone_at": AT + 9}]


# ---- the public validators ----


@pytest.mark.parametrize("more", EVERY, ids=["notice", "case", "taken back"])
def test_a_bundle_is_accepted_by_the_validator_of_stix(more: dict[str, Any]) -> None:
    validator = pytest.importorskip("stix2validator")
    told = stix_of(notice(several=True), **more)
    # Identifiers of version 5 are allowed and wanted: what is sent twice is one object.
    options = validator.ValidationOptions(version="2.1", strict=True, disabled="uuid-check")
    result = validator.validate_instance(told, options)
    assert result.is_valid, [str(one) for one in result.errors]
    assert not (getattr(result, "warnings", None) or []), [str(one) for one in result.warnings]
    broken = {**told, "objects": [{**one, "pattern": "[url:value = ]"} if "pattern" in one else one for one in told["objects"]]}
    assert not validator.validate_instance(broken, options).is_valid


@cache
def misp_knows() -> tuple[dict[str, Any], dict[str, Any]]:
    found = resources.files(pytest.importorskip("pymisp")).joinpath("data")
    return json.loads(found.joinpath("schema.json").read_text("utf-8")), json.loads(
        found.joinpath("describeTypes.json").read_text("utf-8")
    )


@pytest.mark.parametrize("more", EVERY, ids=["notice", "case", "taken back"])
@pytest.mark.parametrize("harm", share.HARMS)
def test_an_event_fits_misp_s_schema_its_types_and_its_own_library(harm: str, more: dict[str, Any]) -> None:
    schema, types = misp_knows()
    told = misp.event(shared(notice(harm), **more))
    jsonschema.Draft4Validator(schema).validate(told)
    for one in told["Event"]["Attribute"]:
        assert one["type"] in types["result"]["category_type_mappings"][one["category"]], one
        assert not one["to_ids"] or types["result"]["sane_defaults"][one["type"]]["to_ids"], one
    read = pytest.importorskip("pymisp").MISPEvent()
    read.load(json.dumps(told))
    assert len(read.attributes) == len(told["Event"]["Attribute"]) == len({one.uuid for one in read.attributes})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate({"Event": {**told["Event"], "reporter": "x"}})


# ---- what goes out, and what never does ----


def _strings(told: Any) -> list[str]:
    if isinstance(told, dict):
        return [text for key, one in told.items() for text in (key, *_strings(one))]
    return [text for one in told for text in _strings(one)] if isinstance(told, list) else [str(told)]


def _out(**more: Any) -> list[str]:
    given = shared(notice(**more), scope="case")
    return [stix.text(given) or "", misp.text(given)]


def test_no_words_no_law_no_evidence_and_no_original_go_out() -> None:
    for text in _out():
        for secret in (
            "Anna-Words",
            "bad.example",
            "Secret",
            "秘密",
            "law.example",
            "ab" * 32,
            "true-bank",
            "victim",
            "home.example",
        ):
            assert secret not in text, secret
        assert "harb0ur-bank.example" in text and HASH in text


STIX_FIELDS = {
    "identity": "name identity_class contact_information", "marking-definition": "definition_type definition name",
    "indicator": "name description indicator_types pattern pattern_type pattern_version valid_from valid_until labels confidence",
    "report": "name report_types published object_refs labels confidence external_references", "campaign": "name confidence",
    "relationship": "relationship_type source_ref target_ref confidence",
    **dict.fromkeys(("url", "domain-name", "ipv4-addr", "ipv6-addr", "email-addr"), "value"), "file": "hashes",
}  # fmt: skip
FRAME = set("type spec_version id created modified created_by_ref object_marking_refs".split())
MISP_FIELDS = set("uuid type category value to_ids timestamp distribution disable_correlation".split())


def test_the_fields_that_go_out_are_a_closed_list() -> None:
    made = stix_of(scope="case")
    for one in made["objects"]:
        assert set(one) - FRAME <= set(STIX_FIELDS[one["type"]].split()), one
    assert {one["type"] for one in made["objects"]} == set(STIX_FIELDS)
    event = misp.event(shared(scope="case"))["Event"]
    assert all(set(one) == MISP_FIELDS for one in event["Attribute"])
    assert set(event) == set("uuid info date timestamp published analysis threat_level_id distribution Orgc Tag Attribute".split())
    words = {event["info"], *(one["name"] for one in made["objects"] if one["type"] in {"indicator", "report", "campaign"})}
    assert words == {"phishing, case C-000017"}, "the only words are the harm's name and the case's"
    assert len({one["description"] for one in made["objects"] if "description" in one}) == 1


@pytest.mark.parametrize("harm", sorted(set(CODES) - set(share.HARMS)))
def test_where_one_person_is_the_target_nothing_goes_out(harm: str) -> None:
    assert share.of([notice(harm)]) is None


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("https://bad.example/a?step=2&email=anna%40home.example", "https://bad.example/a?step=2"),
        ("https://bad.example/a#anna@home.example", "https://bad.example/a"),
        ("https://anna@bad.example/a", "https://bad.example/a"),
        ("https://bad.example/go/anna@home.example/x?id=8841", "https://bad.example/go/?id=8841"),
        (f"https://bad.example/?q={base64.urlsafe_b64encode(b'anna@home.example').decode().rstrip('=')}", "https://bad.example/"),
        (f"https://bad.example/?q={b'anna@home.example'.hex()}&v=1", "https://bad.example/?v=1"),
        ("https://bad.example/?q=anna%2540home.example", "https://bad.example/"),
        ("https://bad.example/?p=13800138000", "https://bad.example/"),
        ("https://bad.example/?p=%2B44%207700%20900123&s=1", "https://bad.example/?s=1"),
        ("https://bad.example/?k=a8Xk20dfkJ3mmQ81zP7Wc4", "https://bad.example/"),
        ("https://door.example/?to=https://bad.example/&uid=77", None),
        ("https://door.example/?u=https%3A%2F%2Fbad.example%2F&v=1", "https://door.example/?u=https%3A%2F%2Fbad.example%2F&v=1"),
        ("https://bad.example:8443/a;b?x=1&&y", "https://bad.example:8443/a;b?x=1&y"),
        ("https://bank.example\\.bad.example/", "https://bank.example/.bad.example/"),
        ("http://0x7f.1/a", None), ("http://192.168.1.1/a", None), ("javascript:alert(1)", None), ("https://localhost/", None),
        ("https://exam ple/", None), ("just words", None), ("", None), ("https://bad.example/" + "a" * 3000, None),
    ],
)  # fmt: skip
def test_a_link_loses_what_names_its_receiver(place: str, kept: str | None) -> None:
    found = places.read(place)
    assert (found.value if found else None) == kept


@pytest.mark.parametrize("run", ["。", "a", "1", "%40", "a@", "1 ", "/a", "&a=", "."])
def test_a_place_made_to_take_time_takes_little(run: str) -> None:
    for place in (
        f"https://a.example/{run * 600}",
        f"https://a.example/?{run * 600}",
        run * 600,
        f"https://a.example/{run * 9000}",
    ):
        places.read(place[:20_000])


def test_other_places_are_told_apart() -> None:
    told = {
        place: places.read(place)
        for place in ("Bad.Example", "+44 (7700) 900-123", "A@B.example", HASH.upper(), "2001:DB8::1", "12")
    }
    assert [(one.kind, one.value) if one else None for one in told.values()] == [
        ("domain", "bad.example"), ("phone", "+447700900123"), ("mail", "a@b.example"), ("file", HASH), ("ipv6", "2001:db8::1"), None,
    ]  # fmt: skip


# ---- the same thing is the same object ----


def test_things_have_the_identifiers_that_the_standard_gives_them() -> None:
    # Computed with the OASIS library stix2 3.0.2.
    for kind, part, known in (
        ("ipv4-addr", {"value": "198.51.100.3"}, "28bb3599-77cd-5a82-a950-b5bc3caf07c4"),
        ("url", {"value": 'https://example.com/путь?a="b\\'}, "7cc20b2e-f5f9-5c38-87ea-0a7399ea0bd6"),
        ("file", {"hashes": {"SHA-256": "ab" * 32}}, "20432b06-75d2-54b6-80ef-6d923b5d925d"),
        ("email-addr", {"value": "john@example.com"}, "7165e2a9-671f-585d-b1e1-ca59c671d934"),
    ):
        assert stix.thing_id(kind, part) == f"{kind}--{known}"


def _by_id(made: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: one for one in made["objects"]}


def test_a_sign_is_one_object_in_every_file_and_is_taken_back_by_its_name() -> None:
    one, two = notice(), notice(at=AT + 86400, places=[PLACES[0], "https://second.example/x"], several=True)
    alone, both = _by_id(stix_of(one)), _by_id(stix_of(one, two, scope="case"))
    assert stix_of(one) == stix_of(one), "the same each time"
    assert all(both[key] == told for key, told in alone.items() if not key.startswith("report--"))
    gone = _by_id(stix_of(one, gone_at=AT + 99))
    assert set(gone) == set(alone)
    for key, told in gone.items():
        if told["type"] in {"indicator", "report"}:
            assert told["revoked"] and told["created"] == alone[key]["created"] and told["modified"] > alone[key]["modified"]
    before, after = (misp.event(shared(one, **more))["Event"] for more in ({}, {"gone_at": AT + 99}))
    assert before["uuid"] == after["uuid"] and after["timestamp"] > before["timestamp"]
    assert [a["uuid"] for a in before["Attribute"]] == [b["uuid"] for b in after["Attribute"]]
    assert all(b["deleted"] for b in after["Attribute"])
    other = misp.event(shared(one, scope="case"))["Event"]
    assert not {a["uuid"] for a in before["Attribute"]} & {b["uuid"] for b in other["Attribute"]}, "MISP knows an attribute once"
    assert stix_of(notice(sender=art16.Sender("B", "b@b.example", "b.example")))["id"] != stix_of(one)["id"]


def test_a_pattern_cannot_be_left_by_a_quote() -> None:
    assert (
        stix.pattern(Sign("url", "https://a.example/x' OR '1'='1\\"))
        == "[url:value = 'https://a.example/x\\' OR \\'1\\'=\\'1\\\\']"
    )


def test_how_sure_and_how_far() -> None:
    for more, sure, word, tlp, far in (
        ({}, 50, "fairly", "green", "1"), ({"several": True}, 75, "usually", "green", "1"), ({"ask": "preserve"}, 50, "fairly", "amber", "0"),
    ):  # fmt: skip
        made = stix_of(notice(**more))
        (indicator, *_) = [one for one in made["objects"] if one["type"] == "indicator"]
        marks = {one["id"]: one["name"] for one in made["objects"] if one["type"] == "marking-definition"}
        assert indicator["confidence"] == sure and [marks[key] for key in indicator["object_marking_refs"]] == [
            f"TLP:{tlp.upper()}"
        ]
        event = misp.event(shared(notice(**more)))["Event"]
        assert event["distribution"] == far
        assert [one["name"] for one in event["Tag"]] == [
            f"tlp:{tlp}",
            'rsit:fraud="phishing"',
            f'misp:confidence-level="{word}-confident"',
        ]


def test_only_the_link_raises_an_alarm_and_its_host_does_not() -> None:
    given = shared(notice(places=["https://shared-host.example/bad"]))
    alarms = {one["value"]: one["to_ids"] for one in misp.event(given)["Event"]["Attribute"]}
    assert alarms == {"https://shared-host.example/bad": True, "shared-host.example": False, "C-000017": False}
    made = stix.bundle(given)
    assert made and [one["pattern"] for one in made["objects"] if one["type"] == "indicator"] == [
        "[url:value = 'https://shared-host.example/bad']"
    ]


def test_what_has_no_object_is_counted() -> None:
    given = shared(notice(places=["+44 7700 900123", "no place at all"]))
    assert stix.bundle(given) is None and stix.text(given) is None and given.left_out == 1
    assert share.of([notice(places=["no place at all"])]) is None and share.of([]) is None
    assert share.of([notice(), notice(case="C-000018")]) is None, "two cases are never mixed"


# ---- a notice as a file ----


def test_a_file_that_is_no_notice_is_refused() -> None:
    good = notice()
    assert share.loaded(json.dumps(good).encode()) == good
    wrong: list[Any] = [
        b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b" " * (1 << 20) + b"{}", {**good, "format": "x"}, {**good, "case": "C 1\n"},
        {**good, "places": []}, {**good, "places": [1]}, {**good, "places": "https://a.example"}, {**good, "made_at": "1"},
        {**good, "made_at": True}, {**good, "made_at": 1 << 60}, {**good, "from": "x"}, {**good, "from": {"name": 1}}, {**good, "category": []},
    ]  # fmt: skip
    for one in wrong:
        with pytest.raises(Refused) as no:
            share.loaded(one if isinstance(one, bytes) else json.dumps(one).encode())
        assert no.value.code == "notice.file"


def test_names_of_files_and_lines_hold_no_control_characters() -> None:
    for text in _out(places=["https://bad.example/\x1b[31m\u202egpj.exe", "https://bad.example/a\r\nBcc: x@y.example"]):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text) and "Bcc:" not in "".join(text.splitlines(keepends=True)[:1])
