"""What the demo's officers make of each case: a plan for every state that a case, a notice or an appeal can be in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from showground.commands._desk_texts import DAY, HOUR, Arrival
from showground.rules.harms import BY_CODE

if TYPE_CHECKING:
    from showground.commands._desk import Desk
    from showground.reports.models import Case, Decision, Referral
    from showground.reports.queries.reading import Held

LOOK = 40 * 60  # after a shift has taken it in, a later report of a case that is known is looked at
PERSONS, WORKS = {"harassment", "privacy", "intimate"}, {"rights"}
OUTCOMES = {
    "refer": "refer", "warn": "warn_public", "lawful": "lawful_no_action", "insufficient": "insufficient", "unfounded": "unfounded",
    "elsewhere": "not_our_remit", "duplicate": "duplicate_of", "here": "act_here",
}  # fmt: skip
ANSWERED = {
    "received": "We have it and look at it this week.", "need_more": "Please send the full address of the page and the day.",
    "refused": "The number belongs to a call centre that works for the gas works. We see no misuse.", 
    "partly": "The page is gone; the account stays.",
    "acted": "", "already_gone": "",
}  # fmt: skip


class Plans:
    """The plans of one desk. Each begins when a report has become a case of its own, and goes on by `desk.then`."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.rng = desk, desk.rng
        self.met: set[int] = set()
        self.to_fold: list[Case] = []
        self.turn = 0
        self.numbers: dict[str, str] = {}  # of the case of each campaign

    def meet(self, arrival: Arrival, held: Held, at: int) -> None:
        """A report was taken in at this instant; a case that is new gets the plan of the report that opened it, another a look."""
        case = held.report.case
        if case is None:
            return
        if case.pk in self.met:
            self.desk.then(at + LOOK, lambda at: self._look(case, at))
            return
        self.met.add(case.pk)
        self.numbers.setdefault(arrival.told.get("key", ""), case.number)
        plan = getattr(self, f"_{arrival.plan}", None)
        if plan is None:
            self._decided(case, arrival, at, arrival.plan)
        else:
            plan(case, arrival, held, at)

    # ---- hands ----

    def _owner(self) -> tuple[str, str]:
        """Returns who works on the next case, and who of another unit reads it second."""
        self.turn += 1
        return (("officer", "officer3"), ("officer2", "officer3"), ("officer3", "officer"))[self.turn % 3]

    def _facts(self, name: str, at: int) -> dict[str, Any]:
        return {"who": self.desk.keys[name], "at": at, "log": self.desk.log(at)}

    def _by(self, name: str, at: int) -> dict[str, Any]:
        return {"by": self.desk.keys[name].holder.person, "at": at, "log": self.desk.log(at)}

    def _assign(self, case: Case, owner: str, at: int) -> None:
        from showground.reports.actions.triage import assign

        assign(case, self.desk.keys[owner].holder, **self._facts(owner, at))

    def _take(self, case: Case, at: int, go_on: Callable[[str, str, int], object] | None = None, *, within: float = 2.5) -> None:
        """An officer takes the case soon, the graver the sooner; then it goes on with (owner, second reader, instant)."""
        owner, second = self._owner()
        within = min(within, BY_CODE[case.category].look_hours / 4)

        def do(at: int) -> None:
            self._assign(case, owner, at)
            case.refresh_from_db()
            if go_on is not None:
                go_on(owner, second, at)

        self.desk.then(at + round(self.rng.uniform(0.2, within) * HOUR), do)

    def _look(self, case: Case, at: int) -> None:
        """Whoever has the case looks at what joined it, decided or not: no program may do that by leaving it there."""
        from showground.reports.actions.triage import look

        case.refresh_from_db()
        name = next((name for name, who in self.desk.keys.items() if who.holder.person_id == case.assignee_id), "")
        if name:
            look(case, **self._by(name, at))

    # ---- decisions ----

    def _decided(self, case: Case, arrival: Arrival, at: int, key: str, *, slow: float = 50, after: Any = None) -> None:
        """The case is taken, proposed within `slow` hours, and read by a second person where that is needed."""

        def go_on(owner: str, second: str, at: int) -> None:
            self.desk.then(self.desk.hours(at, 3, slow), lambda at: self._propose(case, arrival, key, owner, second, at, after))

        self._take(case, at, go_on)

    def _propose(self, case: Case, arrival: Arrival, key: str, owner: str, second: str, at: int, after: Any) -> None:
        from showground.reports.actions import decide

        case.refresh_from_db()
        if case.state != "assessing":
            return
        written = self.written(case, arrival, key)
        decision = decide.propose(case, written, **self._facts(owner, at))
        if decision is not None:
            self._holds(decision, arrival, owner, second, at, after)
            return

        def confirm(at: int) -> None:
            self._holds(decide.confirm(case, **self._facts(second, at)), arrival, owner, second, at, after)

        self.desk.then(self.desk.hours(at, 0.5, 6), confirm)

    def written(self, case: Case, arrival: Arrival, key: str) -> Any:
        """Returns a decision as an officer writes it, from the sample words of its outcome."""
        from showground.reports.actions.written import Written
        from showground.reports.models import LegalBasis
        from showground.reports.queries.case import links_of
        from showground.reports.queries.states import LAWFUL

        texts = self.desk.texts.reports["outcomes"]
        kind = "_person" if case.category in PERSONS else "_work" if case.category in WORKS else ""
        said = texts["child" if case.category == "child" else f"refer{kind}" if key == "refer" else key]
        laws = LegalBasis.objects.filter(kind="contract_term" if key == "here" else "statute")
        law = next((one for one in laws if not one.categories or case.category in one.categories), None)
        who = self.desk.keys["officer"]
        doubt = "satire" if any(word in arrival.words for word in ("cartoon", "song", "parody", "写歌", "恶搞")) else "opinion"
        child = case.category == "child"
        places = ["https://withheld.invalid/"] if child else [str(one["url"]) for one in links_of(case, who)][:6]
        if key == "refer" and not places:  # nothing that a partner could act on
            key, said = "insufficient", texts["insufficient"]
        return Written(
            outcome=OUTCOMES[key],
            facts=said["facts"],
            legal_basis=law.pk if law and key in {"refer", "here"} else None,
            lawful={name: key == "lawful" and name == doubt for name in LAWFUL},
            reasons={
                f"{who}.{short}": said[who][short]
                for who in ("reporter", "affected", "public")
                if who in said
                for short in ("en", "zh")
            },
            partners=arrival.told.get("partners", []) if key == "refer" else [],
            places=places if key == "refer" else [],
            ask="warn" if case.category == "scam" else "remove",
            where_to=said.get("where_to", ""),
            same_as=self.numbers.get("parcel", "") if key == "duplicate" else "",
        )

    def _holds(self, decision: Decision, arrival: Arrival, owner: str, second: str, at: int, after: Any) -> None:
        """What follows a decision: notices by two persons, a card, the end of the case ten days later."""
        for number, referral in enumerate(decision.referrals.order_by("pk")):
            answers = arrival.told.get("answers", [])
            self._notice(referral, answers[number] if number < len(answers) else "", owner, second, self.desk.hours(at, 0.2, 2))
        if "card" in arrival.told:
            self._card(decision.case, arrival.told["card"], owner, second, at)
        if after is not None:
            after(decision, owner, second, at)
        elif arrival.told.get("code") is None:
            self.desk.then(at + 10 * DAY, lambda at: self._close(decision.case, owner, at))

    def _close(self, case: Case, owner: str, at: int) -> None:
        from showground.reports.actions.triage import close

        case.refresh_from_db()
        if case.state == "decided":
            close(case, **self._by(owner, at))

    def _notice(self, referral: Referral, answer: str, owner: str, second: str, at: int) -> None:
        from showground.reports.actions import refer
        from showground.reports.queries.answers import token_of

        self.desk.then(at, lambda at: refer.read_referral(referral, **self._facts(second, at)))

        def send(at: int) -> None:
            refer.send_referral(referral, week=self.desk.week, **self._facts(owner, at))
            if answer:
                self.desk.then(self.desk.hours(at, 3, 40), reply)

        def reply(at: int) -> None:
            words = ANSWERED[answer] or ("" if answer == "already_gone" else "Done.")
            number = f"{referral.partner.code[:2].upper()}-{referral.pk + 40000}"
            refer.answer_referral(token_of(referral), answer, words=words, reference=number, at=at, log=self.desk.log(at))

        self.desk.then(at + self.rng.randrange(1200, 5400), send)

    def _card(self, case: Case, key: str, owner: str, second: str, at: int) -> None:
        from showground.reports.actions import cards

        def publish(at: int) -> None:
            card = cards.write_card(case, self.desk.texts.reports["cards"][key], **self._by(owner, at))
            self.desk.then(at + HOUR, lambda at: cards.publish_card(card, **self._by(second, at)))

        self.desk.then(self.desk.hours(at, 1, 5), publish)

    # ---- plans that end before a decision ----

    def _slow(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._take(case, at, within=20)

    def _taken(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._take(case, at, within=0.8)

    def _late(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        """Nobody takes it: its deadline passes."""

    _mail = _late

    def _junk(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.bulk import reject

        reject([case], "flood", **self._by("officer", at + 60))

    def _fold(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.bulk import fold

        self.to_fold.append(case)
        if len(self.to_fold) == 2:
            first, _ = fold(self.to_fold, **self._by("officer2", at + 600))
            self.desk.then(at + 900, lambda at: self._assign(first, "officer2", at))

    def _picture(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.desk_note import write_note

        words = "The code leads elsewhere than the machine's own page. Asked the ferry to look at the other machines."
        self._take(case, at, lambda owner, second, at: write_note(case, words, **self._facts(owner, at + 600)))

    def _question(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.answer import write
        from showground.reports.actions.triage import tell

        first = "Did you pay by card or by transfer, and is the program still on your computer? If so, switch it off and call your bank first."
        reply = "By card, on Friday. The program is still there, I have pulled the plug. The bank has stopped the card."
        second = "Thank you, that was right. Have you kept the number that called? The last digits are enough."

        def answer(at: int) -> None:
            held.report.refresh_from_db()
            write(held, reply, way="to_desk", at=at, log=self.desk.log(at))

        def go_on(owner: str, _: str, at: int) -> None:
            at = self.desk.hours(at, 0.5, 2)
            self.desk.then(at, lambda at: tell(case, held.report, first, wait=True, **self._facts(owner, at)))
            self.desk.then(at + 5 * HOUR, answer)
            self.desk.then(at + 18 * HOUR, lambda at: tell(case, held.report, second, wait=True, **self._facts(owner, at)))

        self._take(case, at, go_on)

    def _proposed(
        self, case: Case, arrival: Arrival, at: int, change: dict[str, Any], then: Callable[[str, int], object] | None = None
    ) -> None:
        """The case waits for its second reader, or is done to as `then` does."""
        from showground.reports.actions import decide

        def go_on(owner: str, second: str, at: int) -> None:
            def write(at: int) -> None:
                written = self.written(case, arrival, "refer")
                for name, value in change.items():
                    setattr(written, name, value)
                decide.propose(case, written, **self._facts(owner, at))
                if then is not None:
                    then(second, at)

            self.desk.then(self.desk.hours(at, 2, 20), write)

        self._take(case, at, go_on)

    def _second(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._proposed(case, arrival, at, {})

    def _second_doubtful(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        lawful = {**self.written(case, arrival, "refer").lawful, "satire": True, "public_figure": True}
        why = "The drawing is signed and aimed at one employee by name, day after day; I am not sure that this is still satire."
        self._proposed(case, arrival, at, {"lawful": lawful, "lawful_why": why})

    def _returned(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.decide import send_back

        why = "A price can be a mistake. Ask the reporter for the receipt before anybody is told to warn."

        def back(second: str, at: int) -> None:
            self.desk.then(at + 3 * HOUR, lambda at: send_back(case, why, **self._facts(second, at)))

        self._proposed(case, arrival, at, {}, back)

    def _draft(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.decide import draft

        def go_on(owner: str, _: str, at: int) -> None:
            written = self.written(case, arrival, "refer")
            written.reasons.pop("affected.zh", None)
            self.desk.then(self.desk.hours(at, 2, 20), lambda at: draft(case, written, **self._facts(owner, at)))

        self._take(case, at, go_on)

    def _hard(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.triage import extend

        why = {
            "en": "We have asked the supervisor of funds and wait for an answer. It takes longer than a week.",
            "zh": "我们已向基金监管部门核实，正在等待答复，需要超过一周时间。",
        }
        self._take(case, at, lambda owner, _, at: self.desk.then(at + DAY, lambda at: extend(case, why, **self._facts(owner, at))))

    def _public_body(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.triage import tag_public_body

        self._take(case, at, lambda owner, _, at: tag_public_body(case, True, **self._by(owner, at + 600)))

    def _hold(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.legal_hold import hold

        self._take(
            case, at, lambda owner, _, at: hold(case, "A court asked the reporter to keep everything", **self._by(owner, at + 600))
        )

    def _recused(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.recuse import recuse

        def go_on(owner: str, _: str, at: int) -> None:
            person, log = self.desk.keys[owner].holder.person, self.desk.log(at)
            recuse(case, person, reason_code="knows_accused", at=at + 900, log=log)

        self._take(case, at, go_on)

    def _deletion(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        from showground.reports.actions.keep import agree_deletion, ask_deletion

        def go_on(owner: str, second: str, at: int) -> None:
            asked = ask_deletion(held.report, "wrong_upload", **self._by(owner, at + HOUR))
            self.desk.then(at + DAY, lambda at: agree_deletion(asked, **self._by(second, at)))

        self._take(case, at, go_on)

    # ---- plans that go on after a decision ----

    def _child(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        arrival.told = {"partners": ["child-line"], "answers": ["received"]}
        self._decided(case, arrival, at, "refer", slow=4)

    def _told(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        arrival.told["partners"] = ["cloud-nine"]
        self._decided(case, arrival, at, "refer", slow=8)

    def _here(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        """A work of the open week is withheld; somebody else's word for it, two officers, and its maker is told how it comes back."""
        self._decided(case, arrival, at, "here", slow=6)

    def _appeal_lodged(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._appealed(case, arrival, held, at, "lawful")

    def _appeal_upheld(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        en = "What stands there is public or an opinion, and the law allows it. The first decision stands."
        zh = "所述内容属于公开信息或个人意见，依法可以发表。维持原决定。"
        self._appealed(case, arrival, held, at, "lawful", ("upheld", "", en, zh))

    def _appeal_reversed(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._appealed(case, arrival, held, at, "refer", ("reversed", "unfounded", "The office says the page is its own. Our notice is withdrawn.",
                       "相关单位确认该网页为其所有。通知已撤回。"))  # fmt: skip

    def _appealed(
        self, case: Case, arrival: Arrival, held: Held, at: int, key: str, ends: tuple[str, str, str, str] | None = None
    ) -> None:
        from showground.reports.actions import appeal, hear

        def after(decision: Decision, owner: str, second: str, at: int) -> None:
            [third] = {"officer", "officer2", "officer3"} - {owner, second}

            def lodge(at: int) -> None:
                found = appeal.lodge(held, arrival.told["appeal"], at=at, log=self.desk.log(at))
                if ends is not None:
                    self.desk.then(self.desk.hours(at, 2, 20), lambda at: take(found, at))

            def take(found: Any, at: int) -> None:
                assert ends is not None
                found = hear.take(found, **self._facts(third, at))
                outcome, instead, en, zh = ends
                at = self.desk.hours(at, 2, 20)
                texts = {"en": en, "zh": zh}
                self.desk.then(at, lambda at: hear.decide_appeal(found, outcome, texts, instead=instead, **self._facts(third, at)))

            self.desk.then(self.desk.hours(at, 30, 60), lodge)

        self._decided(case, arrival, at, key, slow=6, after=after)

    # ---- names ----

    def _identity(self, held: Held, at: int, reason: str, words: str, *, agreed: bool, opened: bool) -> None:
        from showground.reports.actions import identity

        def ask(at: int) -> None:
            access = identity.ask(held.report.identity, reason, words, **self._facts("custodian", at))
            if agreed:
                self.desk.then(at + 2 * HOUR, lambda at: identity.answer(access, True, **self._facts("approver", at)))
            if opened:
                self.desk.then(at + 3 * HOUR, lambda at: identity.open_identity(access, **self._facts("custodian", at)))

        self.desk.then(self.desk.hours(at, 14, 34), ask)

    def _identity_opened(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        words = "He writes where she waits and when. The police want to speak to her today."
        self._decided(case, arrival, at, "refer", slow=60)
        self._identity(held, at, "danger_to_life", words, agreed=True, opened=True)

    def _identity_agreed(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._take(case, at)
        self._identity(held, at, "legal_claim", "The host wants to know whose song it is.", agreed=True, opened=False)

    def _identity_asked(self, case: Case, arrival: Arrival, held: Held, at: int) -> None:
        self._take(case, at)
        self._identity(held, at, "reporter_asked", "The reporter asks us to name them to the host.", agreed=False, opened=False)
