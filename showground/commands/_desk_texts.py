"""What invented people tell the demo's desk, and when: campaigns, single reports, stories; the texts lie in desk_samples/."""

from __future__ import annotations

import io
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "desk_samples"
DAY, HOUR = 86400, 3600
LANGUAGES = {"en": "en", "zh": "zh-hans"}
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "gravel", "heron", "island", "juniper", "kestrel", "lantern", "meadow", "nettle",
    "orchard", "pebble", "quarry", "ripple", "saffron", "thistle", "umber", "violet", "willow", "yarrow", "zephyr", "basalt", "clover",
    "dune", "elder", "fennel", "granite", "hazel", "indigo", "jasper", "kelp", "linden", "maple", "nimbus", "opal", "poppy", "quartz",
    "rowan", "sable", "tundra", "upland", "velvet", "walnut", "yonder", "zinnia", "aspen", "bramble", "copper", "dahlia",
)  # fmt: skip
CHANNELS = ("web",) * 11 + ("share",) * 4 + ("phone",) * 2 + ("kiosk", "paper", "partner")
KINDS = (
    *("scam",) * 8, *("phishing",) * 6, *("malware",) * 3, *("impersonation",) * 5, *("harassment",) * 6, *("privacy",) * 4, "rights",
)  # fmt: skip
STANDING = {"harassment": "target", "privacy": "target", "intimate": "target", "rights": "holder"}
# Who can act on what, and what they mostly answer; "" is silence.
ABLE = {
    "scam": ("registry", "registry", "harbour-bank", "police"), "phishing": ("registry", "cloud-nine"), "malware": ("harbour-cert", "cloud-nine"),
    "impersonation": ("chatterbox", "tidal-mobile"), "harassment": ("chatterbox",), "privacy": ("cloud-nine", "chatterbox"),
    "rights": ("cloud-nine", "chatterbox"), "intimate": ("chatterbox",), "child": ("child-line",),
}  # fmt: skip
ANSWERS = ("acted",) * 6 + ("already_gone", "partly", "refused", "received", "need_more", "")


@dataclass
class Arrival:
    """One report as it comes in: what is said, by which way, and what officers will make of it."""

    at: int
    category: str
    language: str
    words: str
    channel: str = "web"
    plan: str = "lawful"
    told: dict[str, Any] = field(default_factory=dict)  # of the campaign or story it belongs to


def read(name: str) -> dict[str, Any]:
    """Returns one of the sample files."""
    return tomllib.loads((SAMPLES / name).read_text(encoding="utf-8"))


class Texts:
    """All that is told from one midnight's point of view; the same seed tells the same."""

    def __init__(self, today: int, seed: int) -> None:
        self.today, self.rng = today, random.Random(seed)
        self.reports, self.stories = read("reports.toml"), read("stories.toml")["stories"]
        self.used = 0

    def rate(self, day: int) -> int:
        """Returns about how many reports come on a day: many in the finished week and in the last fortnight, few between."""
        if day >= -13:
            return 9
        return 10 if day < -40 else 5 * (day % 3 == 0)

    def day(self, midnight: int) -> list[Arrival]:
        """Returns what comes in on one local day, in order: reports of campaigns and single ones, and the stories of that day."""
        day = round((midnight - self.today) / DAY)
        rate = self.rate(day)
        running = [one for one in self.reports["campaigns"] if one["days"][0] <= day <= one["days"][1]]
        found = [self._story(one, midnight) for one in self.stories if one["day"] == day]
        for _ in range(max(1, rate + self.rng.randint(-2, 2)) if rate else 0):
            at = midnight + round(self.rng.triangular(8.6, 22.5, 12) * HOUR)
            campaign = self.rng.random() < 0.52 and running
            found.append(self._of_campaign(at, running) if campaign else self._single(at))
        return sorted(found, key=lambda arrival: arrival.at)

    def _of_campaign(self, at: int, running: list[dict[str, Any]]) -> Arrival:
        one = self.rng.choices(running, [campaign["weight"] for campaign in running])[0]
        short = self._language()
        words = self.rng.choice(one[short]).replace("{n}", str(self.rng.randrange(10_000, 99_999)))
        return Arrival(at, one["category"], LANGUAGES[short], words, self.rng.choice(CHANNELS), one["plan"], one)

    def _single(self, at: int) -> Arrival:
        category = self.rng.choice(KINDS)
        [texts] = [one for one in self.reports["singles"] if one["category"] == category]
        short = self._language()
        self.used += 1
        word = f"{WORDS[self.used % len(WORDS)]}{self.used // len(WORDS) or ''}"
        line = self.rng.randrange(len(texts["plans"]))
        words, plan = texts[short][line].replace("{w}", word), texts["plans"][line]
        if plan == "refer" and self.rng.random() < 0.25:
            plan = "insufficient"
        told = {"partners": [self.rng.choice(ABLE[category])], "answers": [self.rng.choice(ANSWERS)]}
        return Arrival(at, category, LANGUAGES[short], words, self.rng.choice(CHANNELS), plan, told)

    def _language(self) -> str:
        return self.rng.choice(("zh", "zh", "en"))

    def _story(self, one: dict[str, Any], midnight: int) -> Arrival:
        at = midnight + one["hour"] * HOUR + self.rng.randrange(60, 3000)
        told = {"partners": [ABLE[one.get("category", "malware")][0]], "answers": ["acted"], **one}
        channel = one.get("channel", "web")
        return Arrival(at, one.get("category", ""), one.get("language", ""), one.get("text", ""), channel, one["plan"], told)

    def junk(self, at: int) -> Iterator[Arrival]:
        """Yields a little flood of one advertisement."""
        for number in range(9):
            words = f"Best followers cheap, 1000 for 5, buy now at https://followers-{WORDS[number % 3]}.test/{number}"
            yield Arrival(at + 40 * number, "scam", "en", words, "web", "junk", {})


def picture(kind: str) -> tuple[str, str, bytes]:
    """Returns (name, type, bytes) of a drawn screenshot: a text message, or a sticker with a code on a ticket machine."""
    from PIL import Image, ImageDraw

    made = Image.new("RGB", (360, 520), "#e9edf0" if kind == "sms" else "#3c5a66")
    pen = ImageDraw.Draw(made)
    if kind == "sms":
        pen.rectangle((0, 0, 360, 56), fill="#ffffff")
        pen.text((20, 20), "Harbour Bank", fill="#202020")
        pen.rounded_rectangle((16, 84, 320, 236), 14, fill="#ffffff")
        for row, line in enumerate(
            ("Your card was used abroad.", "Not you? Stop the payment:", "https://harbourbank-stop.example/p", "", "Mon 14:02")
        ):
            pen.text((30, 100 + 24 * row), line, fill="#20507a" if "http" in line else "#303030")
    else:
        _sticker(made, pen)
    out = io.BytesIO()
    made.save(out, "PNG")
    return f"{kind}.png", "image/png", out.getvalue()


def _sticker(made: Any, pen: Any) -> None:
    import segno
    from PIL import Image

    pen.rectangle((40, 60, 320, 440), fill="#f7f4ea")
    pen.text((96, 84), "FERRY TICKETS: SCAN AND PAY", fill="#202020")
    data = io.BytesIO()
    segno.make("https://ferry-pay-harbour.example/t/7", error="m").save(data, kind="png", scale=6, border=2)
    made.paste(Image.open(io.BytesIO(data.getvalue())).convert("RGB"), (80, 120))
