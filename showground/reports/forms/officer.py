"""What officers choose from: names of states and outcomes in words, message templates, and the decision form as it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from showground.reports.actions.written import ASKS, AUDIENCES, LANGUAGES, Written, wanted
from showground.reports.models import Reasons
from showground.reports.queries.states import LAWFUL
from showground.rules.refused import Refused

STATES = {
    "new": pgettext_lazy("case", "new"),
    "triaged": _("assigned"),
    "assessing": _("in work"),
    "awaiting_reporter": _("waits for the reporter"),
    "decided": _("decided"),
    "closed": pgettext_lazy("case", "closed"),
}
STATE_MARKS = {"new": "", "triaged": "", "assessing": "work", "awaiting_reporter": "gate", "decided": "rec", "closed": "gone"}
OUTCOMES = {
    "refer": (_("Refer to partners"), _("A notice to those who can act. Needs a law and a second reader.")),
    "warn_public": (_("Warn the public"), _("A card about how it goes; nobody is named. Needs a second reader.")),
    "act_here": (_("Withhold it on this site"), _("For a work or a guest-book line shown here. Needs a law and a second reader.")),
    "lawful_no_action": (_("Lawful, no action"), _("It may hurt and is allowed. Counted in public.")),
    "insufficient": (_("Not enough to decide"), _("What is known does not carry a decision.")),
    "not_our_remit": (_("Not our task, pass on"), _("Say where to turn.")),
    "duplicate_of": (_("Decided elsewhere"), _("The same thing has a case of its own.")),
    "unfounded": (_("Unfounded"), _("There is no sign that it is so.")),
}
LAWFUL_WORDS = {
    "opinion": _("Is it an opinion or criticism?"),
    "satire": _("Is it satire or art?"),
    "reporting": _("Is it reporting or research?"),
    "public_interest": _("Is there a public interest in it?"),
    "public_figure": _("Does a public figure or a public body complain?"),
}
AUDIENCE_WORDS = {
    "reporter": (_("For the reporter"), _("Goes into the thread of every report of the case.")),
    "affected": (_("For the person it affects"), _("What was decided, by which law, and that they can appeal.")),
    "public": (_("For everybody"), _("May be published. Names nobody, links to nothing.")),
}
ASK_WORDS = {
    "remove": _("Remove it"), "suspend": _("Suspend the account or name"), "block": _("Block the payment or number"),
    "preserve": _("Keep the evidence"), "warn": _("Warn their users"),
}  # fmt: skip
SPAM_WORDS = {"advertising": _("Advertising"), "nonsense": _("Nonsense"), "test": _("A test"), "flood": _("Part of a flood")}
RECUSE_WORDS = {
    "knows_reporter": _("I may know who reports"), "knows_accused": _("I know whom it is about"), "own_work": _("My own work"),
    "own_interest": _("I would gain or lose by it"), "other": _("Another reason"),
}  # fmt: skip
REOPEN_WORDS = {"new_evidence": _("New evidence"), "relapse": _("It is back"), "later_reports": _("Later reports")}
DELETE_WORDS = {
    "illegal_to_hold": _("The law forbids to keep it"), "third_person": _("It harms a third person"),
    "wrong_upload": _("It was sent by mistake"), "law": _("A court or law orders it"),
}  # fmt: skip
IDENTITY_WORDS = {
    "danger_to_life": _("Danger to life or limb"), "court_order": _("A court orders it"),
    "reporter_asked": _("The reporter asked for it"), "legal_claim": _("A right of the reporter depends on it"),
}  # fmt: skip
APPEAL_WORDS = {
    "upheld": _("Upheld: the decision stands"), "partly_reversed": _("Partly reversed"), "reversed": _("Reversed"),
    "omitted": _("Omitted: there is nothing to decide any more"),
}  # fmt: skip
RULE_WORDS = {
    "first": _("first of its case"), "apart": _("put apart by a person"), "merged": _("put together by a person"),
    "same_work": _("the same work of this site"),
    "file": _("the same file"), "text": _("the same words"), "words": _("nearly the same words"), "url": _("the same link"),
    "site": _("the same domain"), "host": _("the same host"), "link": _("a link to the same host"), "ip": _("the same address of a server"),
    "phone": _("the same phone number"), "mail": _("the same mail address"), "wallet": _("the same wallet"),
    "account": _("the same account"), "attachment": _("the same attachment"), "picture": _("nearly the same picture"),
    "code": _("the same QR code"), "sender": _("the same sender’s name"), "short": _("the same short number"),
}  # fmt: skip
CHANNELS = {
    "web": _("web"), "share": _("shared"), "mail": _("mail"), "kiosk": _("kiosk"), "phone": _("phone"),
    "paper": _("paper"), "partner": _("partner"), "site": _("this site"),
}  # fmt: skip

REFERRAL_WORDS = {
        "drafted": _("drafted, not read by a second person"), "second_read": _("read by two, not sent"),
        "posting": _("posted; it is not known whether it left"), "sent": _("sent, no answer yet"),
        "acknowledged": _("received by the partner"), "need_more": _("the partner needs more"), "acted": _("the partner acted"),
        "partly": _("the partner acted on a part"), "refused": _("the partner refused"), "no_answer": _("no answer in time"),
        "already_gone": _("it was gone already"), "relapsed": _("it is back; asked again"), "corrected": _("corrected"),
    }  # fmt: skip


def rule_words(rule: str) -> str:
    """Returns why two reports are linked, in words: "the same domain and nearly the same words"."""
    return str(_(" and ")).join(str(RULE_WORDS.get(part, part)) for part in rule.split("+"))


@dataclass(frozen=True)
class Template:
    """A message that officers send often, in both languages; it is edited before it is sent. `asks`: the case then waits."""

    code: str
    name: Any
    en: str
    zh: str
    asks: bool = False


TEMPLATES = (
    Template(
        "where", _("Where was it?"),
        "Thank you for telling us. To go on we need one more thing: where did you see it? The address of the page, the "
        "number that called or the name of the app is enough. Do not open the link again.",
        "感谢您告诉我们。要继续处理，我们还需要一点信息：您是在哪里看到的？网页地址、来电号码或应用名称即可。请不要再打开那个链接。",
        asks=True,
    ),
    Template(
        "money", _("Was money lost?"),
        "Did you pay, or give card details or a code? If so, call your bank first: the number is on your card. Then "
        "tell us here when and by which way you paid. You need not tell us who you are.",
        "您是否付了款，或者提供了银行卡信息、验证码？如果是，请先给银行打电话，号码印在卡上。然后在这里告诉我们付款的时间和方式。您无需说明自己是谁。",
        asks=True,
    ),
    Template(
        "screen", _("A screenshot, please"),
        "A screenshot of the message, with the sender’s name or number on it, would help us. Cover what is private. You "
        "can add it to this report with your code.",
        "如能提供带有发送者名称或号码的消息截图，会对我们很有帮助。请遮住私人内容。您可以凭编号把截图补充到这份举报中。",
        asks=True,
    ),
    Template(
        "looking", _("We are looking at it"),
        "An officer is working on your report. You need not do anything. What we decide, and why, will stand here.",
        "工作人员正在处理您的举报，您无需再做什么。处理结果及理由会写在这里。",
    ),
    Template(
        "safe", _("How to be safe meanwhile"),
        "Until we know more: do not answer them, do not pay, change the password if you typed it anywhere, and switch "
        "on two-step sign-in. If you are in danger, call the police first.",
        "在进一步核实之前：不要回复，不要付款；如果输入过密码，请立即更改，并开启两步验证。如有人身危险，请先报警。",
    ),
)  # fmt: skip


# What reasons usually begin with, by outcome; who writes makes them theirs. "reporter.en" and so on, as the form names them.
_APPEAL = {
    "en": " If you do not agree, you can appeal here within six months; another person looks at it.",
    "zh": "如您不同意，可在六个月内在此提出申诉，由另一名工作人员处理。",
}
USUAL: dict[str, dict[str, str]] = {
    "refer": {
        "reporter.en": "You were right to report it. We have told those who can act, with the evidence but without anything about you. "
        "What they answer will stand here.",
        "reporter.zh": "感谢举报。我们已将证据转交有权处理的单位，其中不含任何关于您的信息。对方的答复会显示在这里。",
        "affected.en": "We have notified those who host or carry it, because of the provision named here.",
        "affected.zh": "依据此处列明的条款，我们已通知存储或传输该内容的单位。",
    },
    "warn_public": {
        "reporter.en": "You were right to report it. We are warning everybody how it goes, without naming anyone.",
        "reporter.zh": "感谢举报。我们将就这类手法发布警示，不会提及任何人。",
        "affected.en": "We warn the public of the way it goes. The warning names nobody and links to nothing.",
        "affected.zh": "我们就这类手法发布警示。警示中不点名，也不附任何链接。",
        "public.en": "We have several reports of the same thing. This is how it goes, and what to do.",
        "public.zh": "我们多次收到关于同一事项的举报。其手法和应对方法如下。",
    },
    "act_here": {
        "reporter.en": "You were right to report it. It is no longer shown on this site.",
        "reporter.zh": "感谢举报。该内容已不在本站展示。",
        "affected.en": "It is no longer shown on this site, because of the provision named here.",
        "affected.zh": "依据此处列明的条款，该内容已不在本站展示。",
    },
    "lawful_no_action": {
        "reporter.en": "We understand that it hurts. What you reported is lawful, so we do nothing against it.",
        "reporter.zh": "我们理解这令人不快。但您举报的内容是合法的，因此我们不采取措施。",
    },
    "insufficient": {
        "reporter.en": "What we know is not enough to decide. If you find more, add it here with your code.",
        "reporter.zh": "现有材料不足以作出决定。如有新的材料，请凭编号在此补充。",
    },
    "not_our_remit": {
        "reporter.en": "This is not ours to decide. We name here who can help you.",
        "reporter.zh": "此事不在我们的职责范围内。可以帮助您的机构列在此处。",
    },
    "duplicate_of": {
        "reporter.en": "The same thing was reported before and is decided there. Your report is counted with it.",
        "reporter.zh": "同一事项此前已有举报，并已在该案中处理。您的举报一并计入。",
    },
    "unfounded": {
        "reporter.en": "We looked into it and found no sign that it is so.",
        "reporter.zh": "我们已经核查，没有发现相应的迹象。",
    },
}


def with_usual(written: Written) -> Written:
    """Returns a decision with the usual words of its outcome where nothing is written; refuses (`decision.outcome`) one without."""
    usual = USUAL.get(written.outcome)
    if usual is None:
        raise Refused("decision.outcome")
    for name, text in usual.items():
        if not written.reasons.get(name, "").strip():
            audience, _dot, language = name.partition(".")
            written.reasons[name] = text + (_APPEAL[language] if audience != "public" else "")
    return written


def _answer(value: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(value or "")


def read_decision(sent: QueryDict) -> Written:
    """Returns a decision as the form was sent; what is missing stays empty, and nothing typed is lost."""
    basis = sent.get("legal_basis", "")
    return Written(
        outcome=sent.get("outcome", "")[:20],
        facts=sent.get("facts", "")[:20_000],
        legal_basis=int(basis) if basis.isascii() and basis.isdigit() and len(basis) < 10 else None,
        lawful={name: _answer(sent.get(f"lawful.{name}")) for name in LAWFUL},
        lawful_why=sent.get("lawful_why", "")[:20_000],
        reasons={f"{who}.{lang}": sent.get(f"reasons.{who}.{lang}", "")[:20_000] for who in AUDIENCES for lang in LANGUAGES},
        partners=[code[:40] for code in sent.getlist("partners")][:20],
        places=[place[:4096] for place in sent.getlist("places") if place.strip()][:40],
        ask=sent.get("ask", "remove") if sent.get("ask") in ASKS else "remove",
        same_as=sent.get("same_as", "").strip().upper()[:12],
        where_to=sent.get("where_to", "")[:40],
        here=sent.get("here", "").strip().lower()[:12],
    )


def lawful_rows(written: Written) -> list[dict[str, Any]]:
    """Returns the five questions with their answers."""
    return [{"name": name, "said": LAWFUL_WORDS[name], "answer": written.lawful.get(name)} for name in LAWFUL]


def said_reasons(reasons: Iterable[Reasons]) -> list[tuple[Any, list[Reasons]]]:
    """Returns written reasons by audience: its name, then its texts in each language."""
    kept = [row for row in reasons if row.words]
    found = [(AUDIENCE_WORDS[audience][0], [row for row in kept if row.audience == audience]) for audience in AUDIENCES]
    return [(name, rows) for name, rows in found if rows]


def reason_rows(written: Written) -> list[dict[str, Any]]:
    """Returns the audiences with what is written for them; `ready`: both languages, `gap`: one of two."""
    rows = []
    for audience in AUDIENCES:
        texts = {lang: written.reasons.get(f"{audience}.{lang}", "") for lang in LANGUAGES}
        count = sum(map(bool, texts.values()))
        name, hint = AUDIENCE_WORDS[audience]
        needed = audience in wanted(written.outcome)
        rows.append(
            {"name": audience, "said": name, "hint": hint, **texts, "ready": count == 2, "gap": count == 1, "needed": needed}
        )
    return rows
