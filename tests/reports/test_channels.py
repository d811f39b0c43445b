"""The directory answers what happened in both languages, says what is not the desk's, and keeps nothing of what was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from showground.reports.actions.cards import plant_channels
from showground.reports.models import Channel
from showground.reports.queries import channels, reporter
from showground.rules.harms import CODES
from tests.house.sample_week import a_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted() -> None:
    Channel.objects.all().delete()
    assert plant_channels() == len(channels.starter()["channels"])
    a_week("sample")


def test_a_directory_that_somebody_keeps_is_left_alone(planted: None) -> None:
    Channel.objects.exclude(code="police-110").delete()
    assert plant_channels() == 0 and Channel.objects.count() == 1


def test_the_starter_set_is_whole_in_both_languages(planted: None) -> None:
    for row in Channel.objects.all():
        assert set(row.name) == set(row.about) == {"en", "zh"} and all(row.name.values()) and all(row.about.values())
        assert row.kind in channels.KINDS and set(row.categories) <= set(CODES) and len(row.kind) <= 10
    codes = set(Channel.objects.values_list("code", flat=True))
    assert all(set(one["to"]) <= codes for one in channels.starter()["elsewhere"])
    assert {"110", "96110", "12321", "12377", "12315", "12355", "12345"} <= {
        str(row.reach.get("phone")) for row in Channel.objects.all()
    }
    assert [call.number for call in reporter.emergency()] == ["110"]


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("I transferred money from my bank card", "your-bank"),
        ("银行卡被盗刷了", "your-bank"),
        ("垃圾短信太多", "spam-12321"),
        ("shop will not refund", "consumers-12315"),
        ("孩子在学校被欺凌", "youth-12355"),
        ("my phone number stopped working, sim stolen", "phone-company"),
        ("有人造谣损害我的名誉", "a-lawyer"),
    ],
)
def test_what_happened_finds_whom_to_turn_to(planted: None, words: str, best: str) -> None:
    assert best in [row.code for row in channels.search(words)[:2]]


def test_no_words_give_all_and_odd_words_none(planted: None) -> None:
    assert len(channels.search("")) == len(channels.search("  ?!")) == Channel.objects.count()
    assert channels.search("xylophone qwertz") == []
    text = Client().get("/en/sample/channels/", {"q": "xylophone"}).content.decode()
    assert "Nothing fits these words" in text and "96110" in text, "then all of it is shown"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_needs_nothing_and_keeps_nothing(planted: None, language: str) -> None:
    shown = Client().get(f"/{language}/sample/channels/", {"q": '"><script>alert(1)</script>' + "x" * 500})
    text = shown.content.decode()
    assert shown.status_code == 200 and not shown.cookies and "alert(1)</script>" not in text
    assert 'href="tel:110"' in text and 'id="not-ours"' in text
    assert shown["Referrer-Policy"] == "no-referrer" and "no-store" in shown["Cache-Control"]


def test_structured_data_is_schema_org(planted: None) -> None:
    shown = Client().get("/zh-hans/sample/channels/channels.jsonld")
    told: dict[str, Any] = json.loads(shown.content)
    assert shown["Content-Type"] == "application/ld+json" and told["@context"] == "https://schema.org"
    items = told["itemListElement"]
    assert [item["position"] for item in items] == list(range(1, len(items) + 1)) and told["inLanguage"] == "zh-hans"
    first = items[0]["item"]
    assert first["@type"] == "Service" and first["availableChannel"]["servicePhone"]["telephone"] == "110"


def test_rows_that_steer_pages_are_no_channels(planted: None) -> None:
    Channel.objects.create(
        code="away", kind="exit", name={"en": "Away", "zh": "离开"}, about={}, reach={"url": "https://x.example"}
    )
    with override("en"):
        assert "away" not in {row.code for row in channels.directory()}
