from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import override

from showground.ui import typeset

SUNDAY = int(datetime(2026, 9, 20, 12, 0, tzinfo=UTC).timestamp())
SHANGHAI = "Asia/Shanghai"


def plain(text: str) -> str:
    return text.replace(typeset.NBSP, " ")


@pytest.mark.parametrize(
    ("say", "english", "chinese"),
    [
        (typeset.clock, "20:00", "20:00"),
        (typeset.seconds, "20:00:00", "20:00:00"),
        (typeset.day, "Sunday 20 September", "9 月 20 日（周日）"),
        (typeset.day_short, "20 Sept", "9 月 20 日"),
        (typeset.year_day, "20 September 2026", "2026 年 9 月 20 日"),
        (typeset.when, "Sunday 20 September, 20:00", "9 月 20 日（周日）20:00"),
        (typeset.when_short, "20 Sept, 20:00", "9 月 20 日 20:00"),
        (typeset.soon, "Sunday 20:00", "周日 20:00"),
    ],
)
def test_instant_in_both_languages(say, english, chinese):
    with override("en"):
        assert plain(say(SUNDAY, SHANGHAI)) == english
    with override("zh-hans"):
        assert plain(say(SUNDAY, SHANGHAI)) == chinese


def test_instant_without_a_zone_is_in_the_zone_of_the_page():
    with timezone.override(SHANGHAI):
        assert typeset.clock(SUNDAY) == "20:00"
    with timezone.override("UTC"):
        assert typeset.clock(datetime(2026, 9, 20, 12, 0, tzinfo=UTC)) == "12:00"


@pytest.mark.parametrize(
    ("length", "english", "chinese"),
    [
        (18720, "5 hours and 12 minutes", "5 小时 12 分钟"),
        (3600, "1 hour", "1 小时"),
        (86400 + 3600, "1 day and 1 hour", "1 天 1 小时"),
        (2 * 86400 + 59 * 60, "2 days", "2 天"),
        (59, "0 minutes", "0 分钟"),
        (-5, "0 minutes", "0 分钟"),
    ],
)
def test_duration_names_two_units(length, english, chinese):
    with override("en"):
        assert plain(typeset.duration(length)) == english
    with override("zh-hans"):
        assert plain(typeset.duration(length)) == chinese


def test_small_numbers_are_words_in_english_only():
    with override("en"):
        assert [typeset.number_word(value) for value in (0, 3, 9, 10, 18402)] == ["no", "three", "nine", "10", "18,402"]
    with override("zh-hans"):
        assert typeset.number_word(3) == "3"


def test_size_is_rounded_for_people():
    assert [plain(typeset.size(value)) for value in (12, 912_000, 8_412_331, 14_000_000)] == ["12 B", "912 kB", "8.4 MB", "14 MB"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Pick a third work until 21:00.", f"Pick a third work until{typeset.NBSP}21:00."),
        ("21:00 前最多可以再选三件，也可以改票。", '21:00 前最多可以再选三件，<span class="nb">也可以改票。</span>'),
        (
            "市民自己做的图片、视频和互动作品，讲怎样不上当。",
            '<span class="nb">市民自己做的图片、</span><span class="nb">视频和互动作品，</span><span class="nb">讲怎样不上当。</span>',
        ),
        (
            mark_safe('可以改票。还有 <span class="nb">21 小时 45 分钟</span>。'),
            '<span class="nb">可以改票。</span><span class="nb">还有 21 小时 45 分钟。</span>',
        ),
        ("说明：&一件作品。", '<span class="nb">说明：</span>&amp;一件作品。'),
        (
            "每张选票以密封形式记入账本一起拆封并且公布结果。",
            '每张选票以密封形式记入账本一起拆封并<span class="nb">且公布结果。</span>',
        ),
        ("市公证处已于周一 03:10 见证。", '市公证处已于<span class="nb">周一 03:10 见证。</span>'),
        ("还有 5 小时 12 分钟 from now.", f"还有 5 小时 12 分钟 from{typeset.NBSP}now."),
        ("每天一直到晚上 21:00。", f"每天一直到晚上{typeset.NBSP}21:00。"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_hold_end_leaves_nothing_alone_on_the_last_line(text, held):
    assert typeset.hold_end(text) == held
