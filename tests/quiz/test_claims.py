"""From a drawn ticket to the prize: secret, contact, check, voucher; and to the next alternate when nobody comes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from showground.quiz.actions.claim import check_claim, contact_of, hand_over
from showground.quiz.actions.sealing import seal
from showground.quiz.models import Claim, Draw, Quiz, Voucher
from showground.rules.refused import Refused
from tests.intake.conftest import folder as folder
from tests.quiz.played import DAY, Browser, Stage, draw_home, home, text_of
from tests.quiz.played import stage as stage
from tests.quiz.test_draw import drawn, played, said, secret_on

CONTACT = {"name": "Ada L.", "reach": "ada@example.org", "address": "", "guardian": ""}


def winners(stage: Stage, people: int = 6) -> tuple[Quiz, Draw, dict[int, Client]]:
    """A draw that was held; browsers by the ticket they hold."""
    quiz = stage.prize_quiz()
    clients = played(stage, quiz, people=people, failed=0)
    draw = drawn(stage, quiz)
    tickets = sorted(Claim.objects.filter(draw=draw).values_list("ticket", flat=True))
    entries = sorted(m for m in tickets)
    by_ticket = {}
    for client in clients:
        from showground.quiz.queries.draws import entry_of_secret

        sitting = entry_of_secret(draw, secret_on(client, quiz))
        assert sitting is not None and sitting.minute is not None and sitting.minute.index is not None
        by_ticket[sitting.minute.index] = client
    assert set(entries) <= set(by_ticket)
    return quiz, draw, by_ticket


def test_a_winner_claims_with_the_secret_is_checked_and_gets_the_voucher_once(stage: Stage) -> None:
    quiz, draw, by_ticket = winners(stage)
    first = Claim.objects.get(draw=draw, rank=1)
    Voucher.objects.create(draw=draw, prize="first", sealed=seal("VOUCHER-1234"))
    secret = secret_on(by_ticket[first.ticket], quiz)
    page = Browser().post(f"{draw_home(draw)}claim/", {"secret": secret})
    assert "How to reach you" in text_of(page) and "A key" in text_of(page)
    sent = {**CONTACT, "secret": secret, "do": "claim"}
    assert Browser().post(f"{draw_home(draw)}claim/", sent | {"name": ""}).status_code == 422
    done = Browser().post(f"{draw_home(draw)}claim/", sent)
    assert "will write or call you" in text_of(done)
    first.refresh_from_db()
    assert first.state == "claimed" and b"ada" not in bytes(first.contact) and contact_of(first)["reach"] == "ada@example.org"
    assert Browser().post(f"{draw_home(draw)}claim/", sent).status_code == 422, "a claim is made once"
    early = Browser().post(f"{draw_home(draw)}claim/", {"secret": secret, "do": "voucher"})
    assert early.status_code == 422 and "VOUCHER" not in text_of(early)
    check_claim(first, good=True, by=stage.people["organiser"], at=stage.now)
    asked = {"secret": secret, "do": "voucher"}
    shown = Browser().post(f"{draw_home(draw)}claim/", asked)
    assert "VOUCHER-1234" in text_of(shown)
    again = Browser().post(f"{draw_home(draw)}claim/", asked)
    assert again.status_code == 422 and "VOUCHER-1234" not in text_of(again)
    first.refresh_from_db()
    assert first.state == "handed_over" and bytes(first.contact) == b"" and contact_of(first) == {}
    stage.publish()
    assert [r["state"] for r in said("draw.claim") if r["position"] == first.position] == [
        "notified",
        "claimed",
        "checked",
        "handed_over",
    ]
    assert "handed over" in text_of(Browser().get(draw_home(draw)))


def test_nobody_claims_with_another_secret(stage: Stage) -> None:
    quiz, draw, by_ticket = winners(stage)
    held = set(Claim.objects.filter(draw=draw, state="notified").values_list("ticket", flat=True))
    loser = next(client for ticket, client in by_ticket.items() if ticket not in held)
    answers = set()
    for secret in (secret_on(loser, quiz), "A" * 20, "", "' or 1=1", "é" * 20):
        page = Browser().post(f"{draw_home(draw)}claim/", {**CONTACT, "secret": secret, "do": "claim"})
        assert page.status_code == 422
        answers.add(text_of(page).split("Claim a prize")[-1][:400])
    assert len({a for a in answers if "No drawn entry fits" in a}) == len(answers)


def test_a_prize_not_claimed_goes_to_the_next_alternate_and_never_back(stage: Stage) -> None:
    quiz, draw, by_ticket = winners(stage)
    order = list(Claim.objects.filter(draw=draw).order_by("rank"))
    stage.at(stage.now + draw.quiz.rules["draw"]["claim_days"] * DAY + 60)
    hand_first = order[0]
    stage.turn(6)
    states = list(Claim.objects.filter(draw=draw).order_by("rank").values_list("state", "prize"))
    assert [s for s, _ in states] == ["expired", "expired", "expired", "notified", "notified"]
    assert sorted(p for s, p in states if s == "notified")[0] == "first"
    late = Browser().post(
        f"{draw_home(draw)}claim/", {**CONTACT, "secret": secret_on(by_ticket[hand_first.ticket], quiz), "do": "claim"}
    )
    assert late.status_code == 422
    stage.at(stage.now + 20 * DAY)
    stage.turn(6)
    assert set(Claim.objects.filter(draw=draw).values_list("state", flat=True)) == {"expired"}
    stage.turn(2)
    assert len([r for r in said("draw.claim") if r["state"] == "notified"]) == 5
    page = text_of(Browser().get(draw_home(draw)))
    assert "not claimed in time" in page


def test_a_refused_claim_needs_a_reason_and_moves_on(stage: Stage) -> None:
    quiz, draw, by_ticket = winners(stage)
    first = Claim.objects.get(draw=draw, rank=1)
    Browser().post(f"{draw_home(draw)}claim/", {**CONTACT, "secret": secret_on(by_ticket[first.ticket], quiz), "do": "claim"})
    with pytest.raises(Refused, match=r"flag\.no_reason"):
        check_claim(first, good=False, by=stage.people["organiser"], at=stage.now)
    check_claim(first, good=False, note="A second prize for one person.", by=stage.people["organiser"], at=stage.now)
    with pytest.raises(Refused, match=r"claim\.order"):
        hand_over(first, by=stage.people["organiser"], at=stage.now)
    stage.turn(3)
    alternate = Claim.objects.get(draw=draw, rank=4)
    assert (alternate.state, alternate.prize) == ("notified", "first")


def test_a_check_and_a_handing_over_by_the_desk(stage: Stage) -> None:
    quiz, draw, by_ticket = winners(stage, people=3)
    claims: list[Any] = list(Claim.objects.filter(draw=draw))
    for claim in claims:
        with pytest.raises(Refused, match=r"claim\.order"):
            check_claim(claim, good=True, by=stage.people["organiser"], at=stage.now)
        Browser().post(f"{draw_home(draw)}claim/", {**CONTACT, "secret": secret_on(by_ticket[claim.ticket], quiz), "do": "claim"})
        check_claim(claim, good=True, by=stage.people["organiser"], at=stage.now)
        hand_over(claim, by=stage.people["organiser"], at=stage.now)
    stage.turn(2)
    assert set(Claim.objects.values_list("state", flat=True)) == {"handed_over"}
    from showground.ledger.models import Minute

    assert not Minute.objects.exclude(refused="").exists() and home(quiz)
