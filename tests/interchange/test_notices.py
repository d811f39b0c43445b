"""Notices in words and as X-ARF v4, statements of reasons: against the public schemas, and closed to what the desk must not say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from showground.interchange.notices import art16, statement, xarf
from showground.rules.harms import EXCLUDED, HARMS
from showground.rules.refused import Refused

SCHEMAS = Path(__file__).resolve().parents[3] / "shared/data/xarf-v4"
PLACES = [
    "https://harb0ur-bank.example/login?u=1#top", "http://[2001:db8::1]/a", "http://203.0.113.7:8080/x.apk", "https://пример.example/путь",
    "https://shop.example/a b/%zz", "+44 7700 900123", "agent77@other-place.example",
]  # fmt: skip
LAW = art16.Law("Example", {"en": "Fraud Act s. 2", "zh": "反诈骗法第二条"})
DESK = art16.Sender("Report desk", "report@week.example", "week.example")


def notice(category: str = "phishing", **more: Any) -> art16.Notice:
    told: dict[str, Any] = {
        "case": "C-000017", "category": category, "at": 1_790_000_000, "explanation": "The page https://bad.example/x copies a bank.",
        "law": LAW, "places": PLACES, "ask": "remove", "evidence": ["ab" * 32], "sender": DESK,
    }  # fmt: skip
    return art16.build(**{**told, **more})


@cache
def validator() -> Any:
    if not SCHEMAS.exists():
        pytest.skip("the X-ARF schemas are not beside the project (shared/data/xarf-v4)")
    found = []
    for file in SCHEMAS.rglob("*.json"):
        told = json.loads(file.read_text(encoding="utf-8"))
        found.append((told["$id"], Resource.from_contents(told)))
        found.append((f"https://xarf.org/schemas/v4/{file.relative_to(SCHEMAS)}", Resource.from_contents(told)))
    master = json.loads((SCHEMAS / "xarf-v4-master.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(
        master, registry=Registry().with_resources(found), format_checker=jsonschema.FormatChecker()
    )


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.code)
def test_every_kind_of_harm_is_xarf_or_words_alone(harm: Any) -> None:
    reports = xarf.reports(notice(harm.code, **({"original": "https://bank.example/"} if harm.code == "impersonation" else {})))
    if harm.xarf is None:
        assert reports == [], "harassment, intimate pictures and a child's case have no type"
        return
    assert {(one["category"], one["type"]) for one in reports} - {("messaging", "spam")} == {harm.xarf}
    for one in reports:
        assert list(validator().iter_errors(one)) == []
        assert one["reporter"] == {"org": "Report desk", "contact": "report@week.example", "domain": "week.example"}


def test_the_schema_would_see_a_wrong_report() -> None:
    told = xarf.reports(notice("scam"))[0]
    assert list(validator().iter_errors({**told, "fraud_type": "opinion"}))
    assert list(validator().iter_errors({key: value for key, value in told.items() if key != "url"}))


def test_an_imitated_site_nobody_named_is_not_invented() -> None:
    kinds = {one["type"] for one in xarf.reports(notice("impersonation"))}
    assert kinds == {"fraud", "spam"}
    assert all(not list(validator().iter_errors(one)) for one in xarf.reports(notice("impersonation")))


def test_a_number_and_a_sender_are_messages() -> None:
    by_source = {one["source_identifier"]: one for one in xarf.reports(notice("scam"))}
    assert by_source["+44 7700 900123"]["protocol"] == "sms"
    assert by_source["agent77@other-place.example"]["category"] == "messaging"


@pytest.mark.parametrize("language", art16.LANGUAGES)
def test_words_hold_what_article_16_wants_and_open_nothing(language: str) -> None:
    told = notice(places=["https://harb0ur-bank.example/login?u=1", "bad.example/x"])
    words = art16.text(told, language, reply="https://week.example/r/abc", affected="https://week.example/n/1")
    assert "C-000017" in words and LAW.citation[language] in words and "ab" * 32 in words and "report@week.example" in words
    assert "hxxps://harb0ur-bank[.]example/login?u=1" in words and "bad[.]example/x" in words
    assert "https://harb0ur" not in words and "https://bad.example" not in words, "the explanation is defanged too"
    assert "https://week.example/r/abc" in words, "our own link stays whole"
    assert told["places"][0] == "https://harb0ur-bank.example/login?u=1", "the data has it exactly"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("(evil.example)", "(evil[.]example)"), ("evil.example, and", "evil[.]example, and"), ("see evil.example.", "see evil[.]example."),
        ("网站evil.example，请", "网站evil[.]example，请"), ("evil.example:8080/x", "evil[.]example:8080/x"), ("evil。example", "evil[.]example"),
        ("Http://1.2.3.4/a.b", "Hxxp://1[.]2[.]3[.]4/a.b"), ("ANNA@evil.example!", "ANNA[at]evil[.]example!"), ("a\nhttp://x.example\tb", "a\nhxxp://x[.]example\tb"),
        ("3.5 of 10.000 on 2.3.2026", "3.5 of 10.000 on 2.3.2026"), ("e.g. this. That", "e.g. this. That"), ("\u202egpj.exe\x1b[2J", "gpj[.]exe[2J"),
    ],
)  # fmt: skip
def test_no_address_in_a_letter_can_be_opened_whatever_stands_beside_it(said: str, shown: str) -> None:
    assert art16.defang(said) == shown


def test_a_notice_lacking_a_part_is_refused() -> None:
    for more, code in (
        ({"places": ["  "]}, "notice.places"), ({"explanation": " "}, "notice.explanation"), ({"ask": "identify"}, "notice.ask"),
        ({"category": "rumour"}, "notice.category"), ({"law": art16.Law("X", {"en": ""})}, "notice.law"),
        ({"places": ["https://a.example"] * 51}, "notice.places"),
    ):  # fmt: skip
        with pytest.raises(Refused) as no:
            notice(**more)
        assert no.value.code == code


def test_all_nine_have_names_in_both_languages() -> None:
    assert all(art16.harm_name(harm.code, language) for harm in HARMS for language in art16.LANGUAGES)


# ---- statements of reasons ----


def told(**more: Any) -> statement.Statement:
    plain: dict[str, Any] = {
        "harm": "phishing", "ground": statement.GROUNDS[0], "law": "Fraud Act s. 2", "explanation": "It copies a bank.",
        "facts": "The work asked visitors for card data.", "content_type": "CONTENT_TYPE_APP", "language": "en",
        "content_at": 1_790_000_000, "at": 1_790_100_000, "puid": "C-000017-3",
    }  # fmt: skip
    return statement.build(**{**plain, **more})


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.code)
def test_every_kind_of_harm_has_its_statement(harm: Any) -> None:
    made = told(harm=harm.code)
    assert made["category"] in statement.CATEGORIES and made["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert told(harm=harm.code, ground=statement.GROUNDS[1])["incompatible_content_ground"]


def test_six_categories_and_none_of_the_excluded() -> None:
    assert len(statement.CATEGORIES) == 6
    assert not (statement.CATEGORIES | statement.KEYWORDS) & EXCLUDED


@pytest.mark.parametrize("value", sorted(EXCLUDED))
@pytest.mark.parametrize("field", ["category", "category_addition", "category_specification", "decision_facts"])
def test_what_the_desk_must_never_say_cannot_be_stated(field: str, value: str) -> None:
    with pytest.raises(Refused) as no:
        statement.check({**told(), field: value if field in {"category", "decision_facts"} else [value]})
    assert no.value.code == "statement.excluded"


def test_a_statement_follows_the_rules_of_the_database() -> None:
    good = told()
    wrong: list[dict[str, Any]] = [
        {"category": "STATEMENT_CATEGORY_VIOLENCE"}, {"decision_visibility": []}, {"decision_ground": "x"}, {"puid": "a b"},
        {"illegal_content_legal_ground": ""}, {"illegal_content_explanation": "x" * 2001}, {"decision_facts": "x" * 5001},
        {"automated_decision": "AUTOMATED_DECISION_FULLY"}, {"automated_detection": "Yes"}, {"application_date": "2019-01-01"},
        {"content_date": "01.02.2026"}, {"content_language": "english"}, {"territorial_scope": ["CN"]}, {"content_type": ["TEXT"]},
        {"content_type_other": "x"}, {"incompatible_content_ground": "also this"}, {"end_date_visibility_restriction": "2020-01-02"},
        {"reporter": "a name"}, {"content_type": ["CONTENT_TYPE_OTHER"]},
    ]  # fmt: skip
    for more in wrong:
        with pytest.raises(Refused):
            statement.check({**good, **more})
    statement.check({**good, "territorial_scope": ["DE", "FR"], "end_date_visibility_restriction": "2099-01-01"})
