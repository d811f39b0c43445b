"""What partners get by mail. A letter has one number for ever: posted twice, it is one letter in the partner's mail program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage

from showground.interchange.notices import art16, files, share, xarf
from showground.interchange.notices.files import File
from showground.reports.models import Referral
from showground.reports.queries import answers
from showground.reports.queries.operator import letter_number, sender
from showground.rules.records import canonical
from showground.ui import letters

BETWEEN = "\n" + "-" * 66 + "\n\n"


def number_of(referral: Referral, what: str = "notice") -> str:
    """Returns the Message-ID of one of the letters that belong to a notice."""
    return letter_number(what, referral.pk, referral.notice_sha256)


def notice(referral: Referral, opened: art16.Notice, week: str) -> EmailMessage:
    """Returns the letter with a notice: words in both languages, exact data attached, and a link that takes the answer."""
    links = {"reply": answers.reply_url(referral, week), "affected": answers.notice_url(referral.decision, week)}
    if opened["category"] == "child":
        links["affected"] = ""
    subject = f"{art16.subject(opened, 'en')} / {art16.subject(opened, 'zh')}"
    headers = {"Message-ID": number_of(referral)}
    letter = EmailMessage(subject=subject, body=art16.both(opened, **links), to=[referral.partner.mail], headers=headers)
    letter.attach(f"notice-{opened['case']}.json", canonical(opened).decode(), "application/json")
    for turn, report in enumerate(xarf.reports(opened), 1):
        letter.attach(f"xarf-{opened['case']}-{turn}.json", json.dumps(report, ensure_ascii=False, indent=1), "application/json")
    for file in files.fitting(share.of([opened]), referral.partner.formats):
        letter.attach(file.name, file.text, file.media)
    return letter


def in_words(
    template: str, referral: Referral, context: dict[str, Any], *, what: str, beside: Sequence[File] = ()
) -> EmailMessage:  # fmt: skip
    """Returns a letter of a room's template in both languages, an answer to the notice; `what` tells it from the other letters."""
    told = {"case": referral.decision.case.number, "sent": referral.sent_at, "mail": sender().mail, **context}
    parts = [letters.compose(template, told, language) for language in ("en", "zh-hans")]
    first = number_of(referral)
    letter = EmailMessage(
        subject=" / ".join(subject for subject, _text in parts),
        body=BETWEEN.join(text for _subject, text in parts),
        to=[referral.partner.mail],
        headers={"Message-ID": number_of(referral, what), "In-Reply-To": first, "References": first},
    )
    for file in beside:
        letter.attach(file.name, file.text, file.media)
    return letter


def went(letter: EmailMessage) -> bool:
    """One letter is with the mail server; False if it is not, or if nobody knows: then it is posted again, under its number."""
    try:
        letters.post(letter)
    except OSError:
        return False
    return True
