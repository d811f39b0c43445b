"""How the interface writes numbers, days and durations in its two languages, and where lines may not end."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

Instant = int | float | datetime
Zone = str | tzinfo | None

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
ZH_DAYS = "一二三四五六日"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
NBSP = "\u00a0"


def chinese() -> bool:
    """Whether the page is being written in Chinese."""
    return (get_language() or "en").startswith("zh")


def local(instant: Instant, zone: Zone = None) -> datetime:
    """Returns the instant (Unix seconds or an aware datetime) in `zone`, by default the zone that the page is in."""
    where = ZoneInfo(zone) if isinstance(zone, str) and zone else zone or timezone.get_current_timezone()
    assert isinstance(where, tzinfo)
    if isinstance(instant, datetime):
        return instant.astimezone(where)
    return datetime.fromtimestamp(instant, where)


def clock(instant: Instant, zone: Zone = None) -> str:
    """Returns "15:40"."""
    return f"{local(instant, zone):%H:%M}"


def seconds(instant: Instant, zone: Zone = None) -> str:
    """Returns "15:40:08"."""
    return f"{local(instant, zone):%H:%M:%S}"


def day(instant: Instant, zone: Zone = None) -> str:
    """Returns "Sunday 20 September" or "9 月 20 日（周日）"."""
    at = local(instant, zone)
    if chinese():
        return f"{at.month} 月 {at.day} 日（周{ZH_DAYS[at.weekday()]}）"
    return f"{DAYS[at.weekday()]} {at.day}{NBSP}{MONTHS[at.month - 1]}"


def day_short(instant: Instant, zone: Zone = None) -> str:
    """Returns "20 Sept" or "9 月 20 日"."""
    at = local(instant, zone)
    if chinese():
        return f"{at.month}{NBSP}月{NBSP}{at.day}{NBSP}日"
    return f"{at.day}{NBSP}{SHORT[at.month - 1]}"


def year_day(instant: Instant, zone: Zone = None) -> str:
    """Returns "20 September 2026" or "2026 年 9 月 20 日"."""
    at = local(instant, zone)
    if chinese():
        return f"{at.year} 年 {at.month} 月 {at.day} 日"
    return f"{at.day}{NBSP}{MONTHS[at.month - 1]} {at.year}"


def when(instant: Instant, zone: Zone = None) -> str:
    """Returns "Sunday 20 September, 20:00" or "9 月 20 日（周日）20:00"."""
    return f"{day(instant, zone)}{'' if chinese() else ', '}{clock(instant, zone)}"


def when_short(instant: Instant, zone: Zone = None) -> str:
    """Returns "20 Sept, 20:00" or "9 月 20 日 20:00"."""
    return f"{day_short(instant, zone)}{NBSP if chinese() else ', '}{clock(instant, zone)}"


def soon(instant: Instant, zone: Zone = None) -> str:
    """Returns "Sunday 20:00" or "周日 20:00", for instants less than a week away."""
    at = local(instant, zone)
    return f"{'周' + ZH_DAYS[at.weekday()] if chinese() else DAYS[at.weekday()]}{NBSP}{at:%H:%M}"


def duration(length: int) -> str:
    """Returns the two greatest units of a length in seconds: "5 hours and 12 minutes" or "5 小时 12 分钟"."""
    minutes = max(0, int(length)) // 60
    units = (
        (minutes // 1440, "day", "天"),
        (minutes // 60 % 24, "hour", "小时"),
        (minutes % 60, "minute", "分钟"),
    )
    first = next((place for place, unit in enumerate(units) if unit[0]), 2)
    said = [unit for unit in units[first : first + 2] if unit[0] or first == 2]
    if chinese():
        return NBSP.join(f"{value}{NBSP}{zh}" for value, _, zh in said)
    return " and ".join(f"{value}{NBSP}{en}{'' if value == 1 else 's'}" for value, en, _ in said)


def number(value: int) -> str:
    """Returns the number in figures, with a comma at the thousands: 18,402."""
    return f"{value:,}"


def number_word(value: int) -> str:
    """Returns 0 to 9 as a word in English text ("three"), in figures otherwise."""
    return number(value) if chinese() or not 0 <= value <= 9 else WORDS[value]


def size(octets: int) -> str:
    """Returns a length in bytes for people: "14 MB", "8.4 MB", "912 kB"."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= factor:
            value = octets / factor
            return f"{value:.1f}{NBSP}{unit}" if value < 10 else f"{value:.0f}{NBSP}{unit}"
    return f"{octets}{NBSP}B"


def in_groups(hexadecimal: str) -> list[str]:
    """Returns a fingerprint in pieces of eight digits, to be read aloud and compared."""
    return [hexadecimal[at : at + 8] for at in range(0, len(hexadecimal), 8)]


def no_break(text: object) -> SafeString:
    """Returns the text in a span that is never broken over two lines."""
    return format_html('<span class="nb">{}</span>', text)


UNIT = re.compile(r"[^，。；：、？！]*[，。；：、？！]+[”’》）]*|[^，。；：、？！]+")
HELD = re.compile(r'<span class="nb">([^<]*)</span>')
HAN_END = re.compile(r"[\u3400-\u9fff][^\w]*$|[\u3400-\u9fff][^。]{0,5}$")
WEEKDAY = re.compile(r"周[一二三四五六日]\s?$")
LAST_CHARACTERS = 4
WIDEST = 10.5  # em of a clause that is held: it stands on a line of the largest head on a phone


def hold_end(text: object) -> SafeString:
    """Returns the text with its last words held together, so that no single character or word stands alone on the last line.

    In Chinese every short clause is held, so that a line ends where the voice would pause, and of a long last one its last four
    characters; in English the last two words. The text is escaped unless it is marked safe; what holds a character reference or a
    tag of another kind is left as it is.
    """
    escaped = str(conditional_escape(text)).rstrip()
    if not HAN_END.search(HELD.sub(r"\1", escaped)):
        head, space, tail = escaped.rpartition(" ")
        return mark_safe(f"{head}{NBSP}{tail}" if space and len(tail) < 12 else escaped)  # noqa: S308
    *units, last = UNIT.findall(escaped)
    held = [_held(unit) for unit in units]
    return mark_safe("".join([*held, _held(last) if _short(last) else _held_at_its_end(last)]))  # noqa: S308


def _width(text: str) -> float:
    """Returns how wide a text is, in em: a Chinese character or mark 1, a space a quarter, anything else a little more than half."""
    return sum(1 if ord(one) > 0x2E7F else 0.25 if one.isspace() else 0.55 for one in text)


def _short(unit: str) -> bool:
    bare = HELD.sub(r"\1", unit)
    return not re.search("[&<>]", bare) and _width(bare.strip()) <= WIDEST


def _held(unit: str) -> str:
    """Returns a clause in a span that is not broken, the space around it outside; a long one, and a single word, as it is."""
    bare = HELD.sub(r"\1", unit)
    words = bare.strip()
    if not _short(unit) or len(words) < 3:
        return unit
    return bare.replace(words, f'<span class="nb">{words}</span>', 1)


def _held_at_its_end(unit: str) -> str:
    """Returns a long last clause with its last four characters, and the figure and the weekday that they belong to, held together."""
    start = max(0, len(unit) - LAST_CHARACTERS - 2)
    while start and re.fullmatch(r"[\w.:]{2}", unit[start - 1 : start + 1], re.ASCII):
        start -= 1
    if day := WEEKDAY.search(unit[:start]):
        start = day.start()
    if re.search("[&<>;]", unit[start:]):
        return unit
    return f'{unit[:start]}<span class="nb">{unit[start:]}</span>'
