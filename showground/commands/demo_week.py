"""Writes the demo's week files, with a calendar around today: `showground demo_week CODE`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from showground import clock

DAY = 86400
ZONE = "Asia/Shanghai"
HOST = "demo.rehearsal.invalid"
# Days from the anchor (the local midnight before the vote opens) to each instant, and its hour.
CALENDAR = {
    "call_opens": (-31, 9),
    "call_closes": (-4, 18),
    "vote_opens": (0, 9),
    "vote_closes": (10, 20),
    "jury_closes": (14, 18),
    "results_at": (15, 10),
}

TEMPLATE = """# A week of Showground, as its organiser describes it. Times are local to the time zone below.
code = "{code}"
origin = "{origin}"
timezone = "{zone}"
wall = "{wall}"

[name]
en = "{name_en}"
zh = "{name_zh}"

[tagline]
en = "Harbour City cyber-security week {year}"
zh = "海港城网络安全周 {year}"

[about]
en = "Pictures, films and interactive pieces on how not to be fooled, made by the people of the city. Everybody votes, a jury scores, a notary watches, and anybody can check the sum."
zh = "市民自己做的图片、视频和互动作品，讲怎样不上当。人人投票，评委打分，公证处见证，谁都可以复核。"

[operator]
en = "Harbour City Cyberspace Office"
zh = "海港城网络安全办公室"

[notary]
en = "The City Notary"
zh = "市公证处"

[calendar]
{calendar}
[[hosts]]
name = {{ en = "Harbour City Cyberspace Office", zh = "海港城网络安全办公室" }}
role = "host"
[[hosts]]
name = {{ en = "Harbour City Education Bureau", zh = "海港城教育局" }}
role = "host"
[[hosts]]
name = {{ en = "Harbour Museum", zh = "海港博物馆" }}
role = "partner"
[[hosts]]
name = {{ en = "Public Library", zh = "公共图书馆" }}
role = "partner"

[[categories]]
key = "picture"
kind = "picture"
name = {{ en = "Picture", zh = "图片" }}
rules = {{ en = "JPEG, PNG, WebP, GIF or AVIF, at most 30 MB and 50 megapixels.", zh = "JPEG、PNG、WebP、GIF 或 AVIF，不超过 30 MB、5000 万像素。" }}
[[categories]]
key = "video"
kind = "video"
name = {{ en = "Video", zh = "视频" }}
rules = {{ en = "MP4, MOV or WebM, at most 10 minutes and 500 MB.", zh = "MP4、MOV 或 WebM，不超过 10 分钟、500 MB。" }}
[[categories]]
key = "h5"
kind = "h5"
name = {{ en = "Interactive", zh = "互动" }}
rules = {{ en = "A zip with an index.html, at most 200 MB; it runs on its own address and reaches no other.", zh = "带 index.html 的 zip，不超过 200 MB；在独立地址上运行，不能访问其他网站。" }}

[[genres]]
key = "poster"
category = "picture"
name = {{ en = "Poster", zh = "海报" }}
[[genres]]
key = "illustration"
category = "picture"
name = {{ en = "Illustration", zh = "插画" }}
[[genres]]
key = "comic"
category = "picture"
name = {{ en = "Comic", zh = "漫画" }}
[[genres]]
key = "photo"
category = "picture"
name = {{ en = "Photograph", zh = "摄影" }}
[[genres]]
key = "animation"
category = "video"
name = {{ en = "Animation", zh = "动画" }}
[[genres]]
key = "short-video"
category = "video"
name = {{ en = "Short film", zh = "短视频" }}
[[genres]]
key = "mv"
category = "video"
name = {{ en = "Music video", zh = "MV" }}
[[genres]]
key = "game"
category = "h5"
name = {{ en = "Game", zh = "游戏" }}
[[genres]]
key = "quiz"
category = "h5"
name = {{ en = "Quiz", zh = "问答" }}
[[genres]]
key = "story"
category = "h5"
name = {{ en = "Story", zh = "故事" }}

# Prizes are per category, in yuan or goods of equal worth.
[[prizes]]
key = "first"
money = 10000
name = {{ en = "First prize", zh = "一等奖" }}
[[prizes]]
key = "second"
money = 5000
name = {{ en = "Second prize", zh = "二等奖" }}
[[prizes]]
key = "third"
money = 2000
name = {{ en = "Third prize", zh = "三等奖" }}
[[prizes]]
key = "participation"
money = 1000
name = {{ en = "Participation award", zh = "参与奖" }}

[terms]
en = "Anyone may enter, alone or as a named group. A work must be your own; say whose material is in it. You keep your rights and let the week show the work. Winners are exhibited and recommended to the media. You can withdraw until the vote closes."
zh = "个人或具名团体均可参加。作品须为原创，所用素材须注明来源。著作权归作者，作者授权本届活动展示。获奖作品将展出并向媒体推荐。投票结束前可随时撤回。"

[pledge]
en = "I made this work, alone or with the group I name. It copies nobody. What it uses of others is named and allowed. It shows no private data of others and leads to no harmful place. If this turns out to be untrue, the work is taken down and any prize goes back."
zh = "本作品由我本人或所署团体创作，未抄袭他人。使用他人素材的，已注明并获得许可。作品不含他人隐私信息，不指向有害内容。如有不实，同意撤下作品并退还奖项。"

# The rule by which votes and scores become awards; frozen into the log before the vote.
[rule]
name = "awareness-week/1"
scope = "day"
casts = 20
seal = "sealed"
grace = 600
channels = ["email"]
ties = ["scores", "votes", "first_places", "accepted_earlier"]
[rule.limit]
works = 3
per = "ballot"
[rule.shortlist]
per_category = 5
tie = "all"
[rule.jury]
aggregate = "trimmed_mean"
trim = 1
missing = "drop"
min_sheets = 3
[[rule.jury.criteria]]
key = "idea"
max = 40
[[rule.jury.criteria]]
key = "craft"
max = 30
[[rule.jury.criteria]]
key = "reach"
max = 30
[rule.combine]
[[rule.combine.sources]]
source = "votes"
normaliser = "share_of_most"
weight = [40, 100]
[[rule.combine.sources]]
source = "scores"
normaliser = "share_of_max"
weight = [60, 100]
[rule.combine.round.source]
places = 2
mode = "half_up"
[rule.combine.round.sum]
places = 2
mode = "half_up"
[[rule.prizes]]
prize = "first"
count = 1
[[rule.prizes]]
prize = "second"
count = 1
[[rule.prizes]]
prize = "third"
count = 1
[rule.participation]
prize = "participation"
who = "shortlist"
"""


def midnight(instant: int) -> int:
    """Returns the local midnight at or before an instant, in the demo's time zone."""
    local = datetime.fromtimestamp(instant, ZoneInfo(ZONE))
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _written(anchor: int) -> tuple[str, dict[str, int]]:
    lines, instants = [], {}
    for name, (days, hour) in CALENDAR.items():
        instants[name] = midnight(anchor + days * DAY + DAY // 2) + hour * 3600
        local = datetime.fromtimestamp(instants[name], ZoneInfo(ZONE))
        lines.append(f"{name} = {local:%Y-%m-%dT%H:%M:%S}\n")
    return "".join(lines), instants


def week_file(code: str, *, anchor: int, name: tuple[str, str], wall: str = "") -> tuple[str, dict[str, int]]:
    """Returns the text of a week file whose vote opens on the local day of `anchor`, and its calendar in Unix seconds."""
    calendar, instants = _written(midnight(anchor))
    year = datetime.fromtimestamp(anchor, UTC).year
    text = TEMPLATE.format(
        code=code, origin=f"{code}.{HOST}", zone=ZONE, year=year, name_en=name[0], name_zh=name[1], calendar=calendar, wall=wall
    )
    return text, instants


def main(argv: list[str]) -> int:
    """Prints a week file whose vote opens in 31 days: a good beginning for one's own."""
    parser = argparse.ArgumentParser(prog="showground demo_week", description=__doc__)
    parser.add_argument("code")
    words = parser.parse_args(argv)
    print(week_file(words.code, anchor=clock.real() + 32 * DAY, name=("Second Look", "再看一眼"))[0])
    return 0
