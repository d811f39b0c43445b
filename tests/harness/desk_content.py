"""A desk on a Thursday, for pictures and for looking: cases in every state, appeals, names, deletions, warnings, three weeks of figures.

    told = json.loads(site.shell(desk.CONTENT))      told["cookies"][name], told["codes"]["decided"], told["cases"]["rich"] ...

It runs inside a site (tests/harness/desk.py) and works as officers do, through the room's own actions; every text is written by us.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from showground.reports.actions import appeal, booths, bulk, cards, decide, identity, keep, keys, link, publish, refer, triage
from showground.reports.actions.answer import write
from showground.reports.actions.desk_note import write_note
from showground.reports.actions.file import Upload
from showground.reports.models import Case, Channel, DeskKey, LegalBasis, Partner, Report
from showground.reports.queries import answers, figures
from showground.reports.queries.reading import by_code
from showground.reports.staff.frame import cookie_name
from showground.weeks.actions import give_duty
from showground.weeks.models import Week
from tests.house.sample_week import a_week
from tests.reports import office as offices
from tests.reports.office import MAIL, Office, picture, written

DAY, HOUR = 86400, 3600
NAMES = {"ada": "Ada Winter", "ben": "Ben Ostrow", "cyd": "Lin Ke", "custodian": "Iris Novak", "approver": "Tomas Bell"}
PARCEL = "【顺达快递】您的包裹因地址不详无法派送，请支付 2.99 元改派费：https://shunda-ex\u0440ress.top/p?id={n} 逾期退回。"
OTHERS = (
    ("A shop took 240 for shoes and never sent them: https://runner-outlet.example/sale", "scam", "web", "en"),
    ("He says he is from the tax office and wants gift cards. He called from +44 7700 900123.", "impersonation", "phone", "en"),
    ("The app at https://free-movies.example/app.apk asked for my contacts and now my friends get messages", "malware", "kiosk", "en"),
    ("群里有人冒充我们校长的头像和名字，让家长扫码交“资料费”。", "impersonation", "web", "zh-hans"),
    ("有人在每张照片下面都贴我的住址：https://wall.example/t/9", "harassment", "web", "zh-hans"),
    ("My poster of the blue whale is sold as a phone case at https://cheap-prints.example/whale-case", "rights", "web", "en"),
)  # fmt: skip
LONG = (
    "Es begann mit einer Nachricht meiner Enkelin, die nicht von meiner Enkelin war. "
    * 14
    + "https://a-very-long-name-of-a-host-that-somebody-made-up-so-that-nobody-reads-it-to-its-end.verification-of-your-account"
    ".secure-login.harbour-bank.example.co-operative.evil-place.example/verify/" + "x" * 180 + "?session=" + "9f" * 60
)
KINDS = (("phishing", 30), ("scam", 19), ("malware", 10), ("impersonation", 11), ("harassment", 7), ("privacy", 3))
ENDS = (("insufficient", 13), ("unfounded", 12), ("lawful_no_action", 8), ("refer", 26))
STANDING = {"harassment": "target", "privacy": "target", "rights": "holder"}


@dataclass
class Scene:
    """The office of a site, its week, and what the pictures need to know of it."""

    office: Office
    week: Week
    told: dict[str, Any] = field(default_factory=lambda: {"codes": {}, "cases": {}, "cookies": {}})

    @property
    def facts(self) -> dict[str, Any]:
        return {"at": self.office.now, "log": str(self.week.origin)}

    def file(self, words: str, category: str = "phishing", **more: Any) -> Report:
        """A report is filed; its code is kept under `as_`."""
        name = more.pop("as_", "")
        report, code = self.office.file(
            words, category, code=bool(name), standing=more.pop("standing", STANDING.get(category, "")), **more
        )
        if name:
            self.told["codes"][name] = code
        return report

    def case(self, words: str, category: str = "phishing", *, to: str = "ada", **more: Any) -> Case:
        """A report is filed, taken in and in somebody's hands; returns its case."""
        report = self.file(words, category, **more)
        self.office.take_in()
        report.refresh_from_db()
        assert report.case is not None
        self.office.now += 1500
        return triage.assign(report.case, self.office.holders[to], who=self.office.who(to), **self.facts)


def build(*, weeks: int = 3) -> str:
    """The site's desk has its content; returns what the pictures need, as JSON."""
    now = settings.CLOCK()
    offices.NOW = now - 30 * DAY
    week = Week.objects.first() or a_week().week
    scene = Scene(offices.an_office(settings.DESK_STORE, settings), week)
    office = scene.office
    _people(scene)
    DeskKey.objects.update(made_at=figures.week_of(now) - weeks * figures.EVERY)
    LegalBasis.objects.update(url="https://law.example/fraud-act#s2", jurisdiction="England and Wales")
    Partner.objects.create(
        code="pages", kind="host", name={"en": "Northline Hosting", "zh": "北线主机"}, mail="abuse@northline.example"
    )
    Channel.objects.all().delete()
    cards.plant_channels()
    for since in range(figures.week_of(now) - weeks * figures.EVERY, figures.week_of(now), figures.EVERY):
        _a_week_of_work(scene, since, random.Random(since))
        office.now = since + figures.EVERY + 600
        publish.publish_due(at=office.now)
    Case.objects.filter(state="decided").update(state="closed", closed_at=office.now)
    _this_week(scene, now)
    office.now = now
    scene.told["kiosk"] = booths.make("Hall 2", by=office.people["ada"], **scene.facts)
    _shifts(scene)
    return json.dumps(scene.told)


def _people(scene: Scene) -> None:
    for name, holder in scene.office.holders.items():
        person = scene.office.people[name]
        person.name = NAMES[name]
        person.save()
        give_duty(scene.week, person=person, duty=holder.duty)


def _shifts(scene: Scene) -> None:
    """Every person's browser: a session, and an open shift in both languages."""
    for name, person in scene.office.people.items():
        client = Client()
        client.force_login(person)
        holder = scene.office.holders[name]
        token = keys.start_shift(holder, f"a long passphrase of {name}", at=scene.office.now)
        kept = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        scene.told["cookies"][name] = kept | {cookie_name(holder.duty, code): token for code, _ in settings.LANGUAGES}


# ---- the weeks before: what the figures count ----


WORDS = (
    "yesterday mail call uncle shop parcel window number card letter voice office phone picture friend group money ticket school "
    "doctor holiday kitchen garden river paper train yellow quick silent open late early cold little second other never always twice "
    "again behind under between without before after almost perhaps suddenly slowly told wrote asked sent opened closed lost found"
).split()


def _babble(chance: random.Random) -> str:
    """Returns words of one report that no other has: what is alike would be one case."""
    return " ".join(chance.choices(WORDS, k=12))


def _a_week_of_work(scene: Scene, since: int, chance: random.Random) -> None:
    """Some seventy reports over seven days, taken in and ended the day after; some referred and answered."""
    kinds = [kind for kind, many in KINDS for _ in range(many - chance.randrange(4))]
    chance.shuffle(kinds)
    ends = [end for end, many in ENDS for _ in range(many - chance.randrange(2))]
    chance.shuffle(ends)
    for day in range(7):
        for number in range(day, len(kinds), 7):
            channel = chance.choices(("web", "kiosk", "mail", "phone", "share"), (10, 4, 3, 2, 1))[0]
            words = f"{_babble(chance)} https://{chance.randbytes(5).hex()}.example/{number} {_babble(chance)}"
            at = since + day * DAY + chance.randrange(20 * HOUR)
            scene.file(words, kinds[number], at=at, channel=channel, language=chance.choice(("en", "zh-hans")))
        scene.office.now = since + day * DAY + 23 * HOUR + 1800
        while scene.office.take_in().left:
            pass
        cases = list(Case.objects.filter(state="new").order_by("opened_at"))
        bulk.reject(cases[:1], "nonsense", by=scene.office.people["ada"], **scene.facts)
        for number, case in enumerate(cases[1:]):
            _ended(scene, case, ends.pop() if ends else "insufficient", number)


def _ended(scene: Scene, case: Case, end: str, number: int) -> None:
    office = scene.office
    if end == "refer" and case.category not in LegalBasis.objects.get().categories:
        end = "unfounded"
    triage.assign(case, office.holders["ada"], who=office.who("ada"), **scene.facts)
    text = written(end, partners=["pages" if number % 4 == 3 else "harbour"]) if end == "refer" else written(end)
    if end == "lawful_no_action":
        text.lawful["opinion"] = True
    decide.propose(case, text, who=office.who("ada"), **scene.facts)
    if text.needs_second:
        decide.confirm(case, who=office.who("cyd"), **scene.facts)
    if end == "refer":
        _sent(scene, case, "refused" if number % 5 == 1 else "acted")


def _sent(scene: Scene, case: Case, answer: str) -> None:
    """The notice of a case is read by a second person, sent, and answered if `answer` says how."""
    referral = case.decisions.get(replaced_by=None).referrals.get()
    refer.read_referral(referral, who=scene.office.who("cyd"), **scene.facts)
    refer.send_referral(referral, who=scene.office.who("cyd"), week=scene.week.code, **scene.facts)
    if answer:
        scene.office.now += 1200
        token = answers.token_of(referral)
        refer.answer_referral(token, answer, words="Seen and dealt with.", reference="HB-2211", **scene.facts)


# ---- this week: one case of everything ----


def _this_week(scene: Scene, now: int) -> None:
    office = scene.office
    for n in range(7):
        office.now = now - (3 - n % 4) * DAY + n * 600 - 2 * HOUR
        scene.file(PARCEL.format(n=n), language="zh-hans", channel="kiosk" if n % 3 else "web")
        office.take_in()
    _decided_cases(scene, now - 2 * DAY)
    office.now = now - 5 * HOUR
    _rich(scene)
    office.now = now - 26 * HOUR
    for words, category, channel, language in OTHERS:
        scene.file(words, category, channel=channel, language=language)
    office.take_in()
    office.now = now - 3 * HOUR
    scene.told["cases"]["long"] = scene.case(LONG, "scam", language="de", to="ben").number
    child = scene.file("I saw it in a group chat that I was added to; the group is called “summer”.", "child")
    office.take_in()
    child.refresh_from_db()
    _to_read(scene)
    office.now = now - 400
    _sealed_things(scene)
    office.now = now
    scene.file("Waiting: https://prize-draw.example/win", "scam")
    scene.file("等待受理：有人发来中奖链接。", "scam", language="zh-hans")
    scene.told["cases"]["cluster"] = (
        Case.objects.filter(reports__language="zh-hans", state="new", category="phishing").first().number
    )  # type: ignore[union-attr]


def _rich(scene: Scene) -> None:
    """A mail with a picture and an odd link, in ada's hands: a thread, notes, a draft, somebody else's report that may be the same."""
    office = scene.office
    files = [Upload("frozen.eml", "message/rfc822", MAIL), Upload("screen.png", "image/png", picture())]
    words = "They wrote that my account is frozen: https://harb\u043eur-bank.example/login and I nearly typed my PIN."
    case = scene.case(words, files=files, as_="rich", contact="reporter@mail.example", identity={"name": "Lin Example"})
    report = case.reports.get()
    triage.tell(case, report, "Where did you see it? Did you type anything?", who=office.who(), **scene.facts)
    write(
        by_code(scene.told["codes"]["rich"]),
        "In a mail, this morning.\nI typed my name, not the PIN.",
        way="to_desk",
        **scene.facts,
    )
    write_note(case, "The same footer as in last month’s mails.", who=office.who(), **scene.facts)
    draft = written("refer", places=["https://xn--harbur-bank-unj.example/login"])
    draft.reasons.pop("affected.zh")
    decide.draft(case, draft, who=office.who(), **scene.facts)
    scene.told["cases"]["rich"] = case.number
    other = scene.file("Harbour Bank says frozen, again: https://harb0ur-bank.example/other", channel="kiosk")
    office.take_in()
    other.refresh_from_db()
    if other.case and other.case != case:
        link.suggest(other, case, rule="host+words", score=0.7, at=office.now)


def _decided_cases(scene: Scene, at: int) -> None:
    """Referred and answered, appealed; warned of, with a card; decided about a work of this site, with a notice; not sent yet."""
    office = scene.office
    office.now = at
    done = scene.case("Card data wanted at https://harbour-bank-login.example/verify?id=8841", as_="decided")
    _two(scene, done, written("refer"))
    scene.told["cases"]["decided"] = done.number
    _sent(scene, done, "acted")
    scene.told["notice"] = done.decisions.get().referrals.get().pk
    open_link = scene.case("The same bank, another page: https://harbour-bank-safe.example/x")
    _two(scene, open_link, written("refer", places=["https://harbour-bank-safe.example/x"]))
    _sent(scene, open_link, "")
    scene.told["token"] = answers.token_of(open_link.decisions.get().referrals.get())
    scene.told["affected"] = answers.code_of(open_link.decisions.get())
    drafted = scene.case("A third page of it: https://harbour-bank-now.example/y")
    _two(scene, drafted, written("refer", places=["https://harbour-bank-now.example/y"]))
    scene.told["drafted"] = drafted.decisions.get().referrals.get().pk
    warned = scene.case("She wanted gift cards, on the phone, for my “unpaid tax”.", "scam", channel="phone", as_="warned")
    _two(scene, warned, written("warn_public"))
    scene.told["cases"]["warned"] = warned.number
    _cards(scene, warned)
    office.now += HOUR
    first = appeal.lodge(
        by_code(scene.told["codes"]["decided"]), "The page is back since this morning, under another name.", **scene.facts
    )
    appeal.lodge(by_code(scene.told["codes"]["warned"]), "我想知道为什么没有转给警方。", **scene.facts)
    scene.told["appeal"] = first.pk


def _two(scene: Scene, case: Case, text: decide.Written) -> None:
    decide.propose(case, text, who=scene.office.who("ada"), **scene.facts)
    decide.confirm(case, who=scene.office.who("cyd"), **scene.facts)


CARDS = (
    (
        {"en": "The tax office never takes gift cards", "zh": "税务部门从不收购物卡"},
        {
            "en": "Somebody calls and says that tax is owed and that the police are on their way. The only way out is to buy gift "
            "cards at once and to read out the numbers.\nThe voice is friendly, then loud. The caller stays on the line until the shop.",
            "zh": "有人来电称您欠税、警方已经出动，唯一的办法是立即购买购物卡并念出卡号。\n对方先和气、后严厉，并要求全程不得挂断电话。",
        },
        {
            "en": "Hang up. Call the office back at the number on an old letter.\nAsk somebody near you before you pay anybody.",
            "zh": "挂断电话，按以往公函上的号码回拨核实。\n付款之前，先问问身边的人。",
        },
    ),
    (
        {"en": "A parcel that waits for a small fee", "zh": "包裹滞留，要补“改派费”"},
        {
            "en": "A short message names a small sum and a link. The page asks for the whole card.",
            "zh": "短信里只要几元钱，点开却要填写整张银行卡的信息。",
        },
        {"en": "Look the parcel up in the carrier’s own app.", "zh": "请到快递公司自己的应用里查询包裹。"},
    ),
)  # fmt: skip


def _cards(scene: Scene, case: Case) -> None:
    made = []
    for title, how, act in CARDS:
        made.append(cards.write_card(case, {"title": title, "how": how, "act": act}, by=scene.office.people["ada"], **scene.facts))
    cards.publish_card(made[0], by=scene.office.people["ben"], **scene.facts)
    scene.told["card"] = made[0].code


def _to_read(scene: Scene) -> None:
    """Proposed by ben, so that ada is its second reader; and one that waits for its reporter."""
    office = scene.office
    case = scene.case("My flat was offered on https://rooms.example/44 by somebody who does not own it", "scam", to="ben")
    decide.propose(case, written("warn_public"), who=office.who("ben"), **scene.facts)
    scene.told["cases"]["read"] = case.number
    asked = scene.case("Someone got into my account and wrote to my friends", "impersonation", as_="asked")
    triage.tell(asked, asked.reports.get(), "Which app was it?", who=office.who(), wait=True, **scene.facts)


def _sealed_things(scene: Scene) -> None:
    """Two requests for a name, one agreed to; a deletion asked for."""
    office = scene.office
    report = Report.objects.get(
        number=Case.objects.get(number=scene.told["cases"]["rich"]).reports.get(identity__isnull=False).number
    )
    named = scene.file("With a name", "scam", identity={"name": "Q. Example", "mail": "q@mail.example"})
    first = identity.ask(
        report.identity, "court_order", "Order 12/26 of the district court.", who=office.who("custodian"), **scene.facts
    )
    identity.answer(first, True, who=office.who("approver"), **scene.facts)
    identity.ask(
        named.identity, "danger_to_life", "She wrote that he waits at her door.", who=office.who("custodian"), **scene.facts
    )
    office.take_in()
    wrong = Report.objects.filter(category="rights").first()
    assert wrong is not None
    asked = keep.ask_deletion(wrong, "third_person", by=office.people["ben"], **scene.facts)
    keep.agree_deletion(asked, by=office.people["cyd"], **scene.facts)
    other = Report.objects.filter(category="malware", state="clustered").first()
    assert other is not None
    keep.ask_deletion(other, "wrong_upload", by=office.people["ada"], **scene.facts)
