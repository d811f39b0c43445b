"""Plays a week in fast motion on the running site, over HTTP, by the rehearsal clock; people and ballots are invented."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from collections.abc import Callable
from typing import Any

from showground.commands import _juror as sealing
from showground.commands._stage import PATIENCE, Reader, Stage
from showground.commands._visitor import Stuck, Visitor, field_value, plain
from showground.commands.demo_week import DAY, midnight
from showground.commands.demo_works.make import DemoWork
from showground.rules import records

PLEDGED = {"pledge": "on"}
FORM_FIELDS = (
    "category", "genre", "title_en", "title_zh", "statement_en", "statement_zh", "alt_en", "alt_zh", "maker_name", "maker_kind", "credit",
)  # fmt: skip


class Play:
    """One week, act by act. Roles sign in with the addresses of `staff`."""

    def __init__(self, stage: Stage, code: str, calendar: dict[str, int], staff: dict[str, str]) -> None:
        self.stage, self.code, self.calendar, self.staff = stage, code, calendar, staff
        self.home = f"/en/{code}"
        self.reader = Reader(stage.visitor(), code)
        self.voters: list[tuple[str, Visitor]] = []

    def sign_in(self, address: str) -> Visitor:
        """Returns the browser of somebody signed in with a code from a letter."""
        visitor = self.stage.visitor()
        visitor.get(f"{self.home}/sign-in/")
        before = sum(1 for p in (self.stage.data / "letters").glob(f"*-{address}.txt"))
        visitor.post(f"{self.home}/sign-in/", {"email": address, "next": f"{self.home}/enter/"})
        visitor.post(f"{self.home}/sign-in/code/", {"code": self.stage.letter_code(address, before)})
        return visitor

    # ---- the call ----

    def enter_all(self, works: list[DemoWork]) -> None:
        """Every maker registers a work, uploads it, waits until it is safe, signs the pledge and sends it in."""
        self.stage.move_to(self.calendar["call_opens"] + 3600)
        entered = self.stage.each(self._register, enumerate(works))
        for visitor, code, work in entered:
            self._wait_safe(visitor, code, work)
        self.stage.each(self._submit, entered)
        for work in works:
            self.stage.numbers.works[work.category] = self.stage.numbers.works.get(work.category, 0) + 1

    def _register(self, numbered: tuple[int, DemoWork]) -> tuple[Visitor, str, DemoWork]:
        number, work = numbered
        visitor = self.sign_in(f"maker{number:02d}@{self.code}.example")
        visitor.get(f"{self.home}/enter/new/")
        fields = {
            "category": work.category, "genre": work.genre, "title_en": work.title["en"], "title_zh": work.title["zh"],
            "maker_kind": work.maker.get("kind", "person"), "maker_name": work.maker["name"],
            "statement_en": work.statement["en"], "statement_zh": work.statement["zh"],
            "alt_en": work.alt["en"], "alt_zh": work.alt["zh"], "credit": work.credit,
        }  # fmt: skip
        told, _ = visitor.post(f"{self.home}/enter/new/", fields)
        code = _last(told["location"])
        visitor.upload(f"{self.home}/enter/{code}/upload/", work.filename, work.file.read_bytes())
        return visitor, code, work

    def _wait_safe(self, visitor: Visitor, code: str, work: DemoWork) -> None:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            page = visitor.get(f"{self.home}/enter/{code}/")
            if 'data-work="safe"' in page:
                return
            if 'data-work="refused"' in page:
                raise Stuck(f"{work.key} was refused: {plain(page.encode())}")
            time.sleep(0.3)
        raise Stuck(f"{work.key} is still not safe")

    def _submit(self, entered: tuple[Visitor, str, DemoWork]) -> None:
        visitor, code, _ = entered
        visitor.post(f"{self.home}/enter/{code}/submit/", PLEDGED)
        visitor.post(f"{self.home}/enter/{code}/submit/", PLEDGED)  # the nervous double click

    def trouble_at_the_desk(self, works: list[DemoWork]) -> None:
        """A file renamed from another kind and an empty one are refused; one entry is withdrawn."""
        picture = next(w for w in works if w.category == "picture")
        visitor = self.sign_in(f"careless@{self.code}.example")
        visitor.get(f"{self.home}/enter/new/")
        fields = {"category": "video", "genre": "animation", "title_en": "Wrong", "maker_kind": "person", "maker_name": "Careless"}
        told, _ = visitor.post(f"{self.home}/enter/new/", fields)
        code = _last(told["location"])
        visitor.upload(f"{self.home}/enter/{code}/upload/", "film.mp4", picture.file.read_bytes(), expect=422)
        visitor.upload(f"{self.home}/enter/{code}/upload/", "film.mp4", b"", expect=422)
        visitor.post(f"{self.home}/enter/{code}/submit/", PLEDGED, expect=422)
        visitor.post(f"{self.home}/enter/{code}/withdraw/", {})

    # ---- screening, rule, jury, list ----

    def screen_all(self) -> None:
        """The screener returns one work, admits the others; the returned one is mended, sent in again and admitted."""
        screener = self.sign_in(self.staff["screener"])
        waiting = self._waiting(screener)
        first = waiting[0]
        screener.post(f"{self.home}/screening/{first}/return/", {"reason": "rights", "text": "Say whose photograph it is."})
        for code in waiting[1:]:
            screener.post(f"{self.home}/screening/{code}/admit/", {})
        maker = self._maker_of(first)
        page = maker.get(f"{self.home}/enter/{first}/")
        fields = {name: field_value(page, name) for name in FORM_FIELDS} | {"credit": "All drawn by the maker."}
        maker.post(f"{self.home}/enter/{first}/", fields)
        maker.post(f"{self.home}/enter/{first}/submit/", PLEDGED)
        screener.post(f"{self.home}/screening/{first}/admit/", {})

    def _waiting(self, screener: Visitor) -> list[str]:
        page = screener.get(f"{self.home}/screening/")
        return list(dict.fromkeys(re.findall(rf'href="{self.home}/screening/([a-z2-7]{{6}})/"', page)))

    def _maker_of(self, code: str) -> Visitor:
        for number in range(100):
            address = f"maker{number:02d}@{self.code}.example"
            visitor = self.sign_in(address)
            if code in visitor.get(f"{self.home}/enter/"):
                return visitor
        raise Stuck(f"nobody made {code}")

    def prepare_vote(self) -> None:
        """The rule is frozen, five jurors are appointed, the list is closed, the opening is witnessed before its hour."""
        self.stage.move_to(self.calendar["call_closes"] + 3600)
        organiser = self.sign_in(self.staff["organiser"])
        organiser.get(f"{self.home}/desk/today/")
        organiser.post(f"{self.home}/desk/freeze/", {})
        for number in range(1, 6):
            juror = {"email": self._juror_address(number), "categories": ["picture", "video", "h5"]}
            organiser.post(f"{self.home}/desk/panel/", juror)
        organiser.post(f"{self.home}/desk/open/", {})
        self.reader.wait("the opening of the vote to be witnessed", lambda week: week.vote_index)

    def _juror_address(self, number: int) -> str:
        return f"juror{number}@{self.code}.example"

    # ---- the vote ----

    def vote(
        self, voters: int, days: list[int], *, until: int | None = None, beside: dict[int, Callable[[], None]] | None = None,
        dawn: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """People vote day by day; the clock turns to the next day when a day's ballots are in and its turn is witnessed.

        `beside`: what else is played on a day, after its ballots; `dawn`: what begins on every day before them.
        """
        opens = self.calendar["vote_opens"]
        last = until or self.calendar["vote_closes"]
        groups = self._groups(voters, len(days))
        for day in range(11):
            at = opens + 60 if day == 0 else _local_midnight(opens, day) + 30
            if at >= last:
                break
            self.stage.move_to(at)
            turned = day + 1
            self.reader.wait(
                f"day {day + 1} of the vote", lambda week, n=turned: week.scopes[n - 1][0] if len(week.scopes) >= n else None
            )
            if dawn:
                dawn()
            if day in days:
                fresh = groups[days.index(day)]
                back = self.stage.rng.sample(self.voters, k=len(self.voters) // 3)
                self.stage.move_to(min(last - 1, at + 8 * 3600))
                self.voters += self.stage.each(self._first_ballot, fresh)
                self.stage.each(self._daily_ballot, back)
            if beside and day in beside:
                beside[day]()

    def _groups(self, voters: int, days: int) -> list[list[tuple[int, int]]]:
        numbered = [(n, self.stage.rng.getrandbits(62)) for n in range(voters)]
        return [numbered[day::days] for day in range(days)]

    def _taste(self, rng: random.Random) -> list[str]:
        """Up to three works; some works please more people than others."""
        works = sorted(self.reader.week.votable())
        weights = [1 + (int(records.sha256_hex(work.encode()), 16) % 9) ** 2 for work in works]
        return list(dict.fromkeys(rng.choices(works, weights, k=rng.choice((1, 2, 3, 3, 3)))))

    def _first_ballot(self, numbered: tuple[int, int]) -> tuple[str, Visitor]:
        number, seed = numbered
        rng = random.Random(seed)
        address = f"voter{number:05d}@{self.code}.example"
        visitor = Visitor(self.stage.site, rng)
        visitor.get(f"{self.home}/vote/")
        visitor.post(f"{self.home}/vote/address/", {"email": address})
        visitor.post(f"{self.home}/vote/code/", {"code": self.stage.letter_code(address)})
        self.stage.numbers.papers += 1
        answer = self._cast(visitor, rng)
        if rng.random() < 0.15:
            self._cast(visitor, rng, replaces=answer["index"])
            self.stage.numbers.replaced += 1
        return address, visitor

    def _daily_ballot(self, voter: tuple[str, Visitor]) -> None:
        _, visitor = voter
        visitor.get(f"{self.home}/vote/")  # today's paper, without a new code
        self._cast(visitor, random.Random(visitor.address))

    def _cast(self, visitor: Visitor, rng: random.Random, replaces: int | None = None) -> dict[str, Any]:
        salt = _salt(rng.randbytes(32))
        ballot: dict[str, Any] = {"log": self.reader.week.log, "choices": self._taste(rng), "salt": salt}
        if replaces is not None:
            ballot["replaces"] = replaces
        status, answer = visitor.post_json("/cast", ballot)
        if status != 200:
            raise Stuck(f"a ballot was refused with {status}: {answer}")
        self.stage.numbers.cast += 1
        if rng.random() < 0.05 and visitor.post_json("/cast", ballot)[1].get("index") != answer["index"]:
            raise Stuck("the same ballot sent twice got two places")
        return answer

    def trouble_at_the_door(self) -> None:
        """Forged papers, unknown works, too many works and an overtaken ballot are refused by name."""
        _, visitor = self.voters[-1]
        salt = _salt(bytes(32))
        works = sorted(self.reader.week.votable())
        log = self.reader.week.log
        self._refused(visitor, {"log": log, "choices": ["zzzzzz"], "salt": salt}, {"ballot.choice_unknown", "ballot.overtaken"})
        self._refused(visitor, {"log": log, "choices": works[:1], "salt": salt}, {"ballot.overtaken", "paper.scope_over"})
        forger = self.stage.visitor()
        forger.cookies = {k: v[:-3] + "AAA" for k, v in visitor.cookies.items() if k.startswith("paper-")}
        self._refused(forger, {"log": log, "choices": works[:1], "salt": salt}, {"paper.forged"})

    def _refused(self, visitor: Visitor, ballot: dict[str, Any], codes: set[str]) -> None:
        status, answer = visitor.post_json("/cast", ballot)
        if status < 400 or answer.get("error") not in codes:
            raise Stuck(f"expected {sorted(codes)}, got {status} {answer}")
        self.stage.numbers.refused[answer["error"]] = self.stage.numbers.refused.get(answer["error"], 0) + 1

    # ---- close, jury, result ----

    def close(self) -> None:
        """The vote closes by the door's clock; a late ballot is refused; the shortlist is declared as a set."""
        self.stage.move_to(self.calendar["vote_closes"] + 5)
        self.reader.wait("the close to be witnessed", lambda week: week.vote_closed)
        _, visitor = self.voters[-1]
        salt = _salt(bytes(range(32)))
        late = {"log": self.reader.week.log, "choices": [], "salt": salt}
        self._refused(visitor, late, {"vote.closed", "paper.expired", "paper.scope_over"})
        self.reader.wait("the shortlist", lambda week: week.shortlist_index)

    def score(self) -> None:
        """Five jurors make their keys, score the shortlist and seal their sheets; one seals again."""
        self.stage.move_to(self.calendar["vote_closes"] + DAY)
        self.stage.each(self._one_juror, range(1, 6))

    def _one_juror(self, number: int) -> None:
        rng = random.Random(f"{self.code} {number}")
        visitor = self.sign_in(self._juror_address(number))
        page = visitor.get(f"{self.home}/jury/")
        found = re.search(r'<script id="jury-facts" type="application/json"[^>]*>(.*?)</script>', page, re.S)
        if not found:
            raise Stuck("the juror's desk shows no facts")
        facts = json.loads(found[1])
        private, vkey = sealing.make_key(facts["origin"], facts["juror"])
        self._done(visitor.post_json(f"{self.home}/jury/key/", {"vkey": vkey, "wrapped": {"rehearsal": True}}))
        for _ in range(2 if number == 1 else 1):
            rows = sorted([w, c["key"], rng.randint(c["max"] // 3, c["max"])] for w in facts["works"] for c in facts["criteria"])
            sheet = sealing.sealed(private, vkey, facts["origin"], facts["juror"], facts["sheet"], rows, facts["escrow"])
            self._done(visitor.post_json(f"{self.home}/jury/seal/", sheet))

    def _done(self, answer: tuple[int, dict[str, Any]]) -> None:
        if answer[0] != 200:
            raise Stuck(f"refused with {answer[0]}: {answer[1]}")

    def finish(self) -> None:
        """The jury's gate falls, the notary opens the sheets, the count is published, the organiser declares the result."""
        self.reader.wait("the sheets", lambda week: week.size if len(week.sheets) == 5 else None, witnessed=False)
        self.stage.move_to(self.calendar["jury_closes"] + 5)
        self.reader.wait("the jury's gate", lambda week: week.jury_closed)
        self.reader.wait("the count", lambda week: week.tally[0] if week.tally else None)
        self.reader.wait("the opened sheets", lambda week: week.size if len(week.opened) == 5 else None, witnessed=False)
        self.stage.move_to(self.calendar["results_at"])
        organiser = self.sign_in(self.staff["organiser"])
        organiser.get(f"{self.home}/desk/today/")
        organiser.post(f"{self.home}/desk/declare/", {})
        self.reader.wait("the awards", lambda week: week.awards[-1][0] if week.awards else None)
        self.reader.wait("the notary's statement", lambda week: week.statements[-1][0] if week.statements else None)


def _local_midnight(instant: int, days: int) -> int:
    return midnight(midnight(instant) + days * DAY + DAY // 2)


def _salt(random_bytes: bytes) -> str:
    return base64.urlsafe_b64encode(random_bytes).rstrip(b"=").decode()


def _last(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[1]
