"""What looks made by a machine goes to a person, with a reason, notice and appeal; in doubt the ticket stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from showground.ledger.models import Minute
from showground.quiz.actions.flag import ALIKE, BURST, answer_appeal, appeal, decide_flag
from showground.quiz.models import Flag, Sitting
from showground.quiz.queries.sittings import questions_of
from showground.rules import records
from showground.rules.refused import Refused
from tests.intake.conftest import folder as folder
from tests.quiz.played import Browser, Stage, as_form, draw_home, home, right_answer, text_of, wrong_answer
from tests.quiz.played import stage as stage


def said(kind: str) -> list[dict[str, Any]]:
    return [records.parse(m.entry.encode()) for m in Minute.objects.filter(kind=kind)]


def flagged(stage: Stage) -> tuple[Any, Any, Flag]:
    """A ticket won in two seconds, in the log."""
    quiz = stage.prize_quiz()
    client = stage.sit(quiz, takes=2)
    stage.publish()
    return quiz, client, Flag.objects.get()


def test_faster_than_anybody_reads_goes_to_a_person_and_the_entrant_is_told(stage: Stage) -> None:
    quiz, client, flag = flagged(stage)
    assert flag.reason_code == "too_fast" and flag.facts["took"] == 2 < flag.facts["floor"]
    page = text_of(client.get(f"{home(quiz)}receipt/"))
    assert "A person looks at this entry." in page and "faster than anybody can read" in page


def test_a_person_who_reads_is_not_flagged_and_a_failed_attempt_never(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.sit(quiz, takes=60)
    stage.sit(quiz, right=1, takes=1)
    assert not Flag.objects.exists()


def test_a_strike_an_appeal_and_an_answer_are_records_with_reasons(stage: Stage) -> None:
    quiz, client, flag = flagged(stage)
    entry = flag.sitting.minute.index
    with pytest.raises(Refused, match=r"flag\.no_reason"):
        decide_flag(flag, struck=True, reason=" ", by=stage.people["organiser"], at=stage.now)
    decide_flag(flag, struck=True, reason="Two seconds for five questions.", by=stage.people["organiser"], at=stage.now)
    with pytest.raises(Refused, match=r"flag\.decided"):
        decide_flag(flag, struck=False, reason="x", by=stage.people["organiser"], at=stage.now)
    stage.publish()
    assert said("quiz.entry_struck")[0]["index"] == entry and said("quiz.entry_struck")[0]["reason_code"] == "too_fast"
    page = text_of(client.get(f"{home(quiz)}receipt/"))
    assert "This entry was struck." in page and "Two seconds for five questions." in page
    listed = text_of(Browser().get(draw_home(quiz.draw)))
    assert "Struck entries" in listed and str(entry) in listed and "Tickets so far: 0." in listed
    assert client.post(f"{home(quiz)}appeal/", {"words": ""}).status_code == 422
    assert client.post(f"{home(quiz)}appeal/", {"words": "I know them by heart."}).status_code == 302
    assert client.post(f"{home(quiz)}appeal/", {"words": "again"}).status_code == 422
    flag.refresh_from_db()
    with pytest.raises(Refused, match=r"flag\.own"):
        answer_appeal(flag, upheld=True, answer="ok", by=stage.people["organiser"], at=stage.now)
    answer_appeal(flag, upheld=True, answer="Shown at the desk.", by=stage.second, at=stage.now)
    stage.publish()
    assert said("quiz.entry_restored")[0]["index"] == entry
    assert "stands again" in text_of(client.get(f"{home(quiz)}receipt/"))
    assert "Tickets so far: 1." in text_of(Browser().get(draw_home(quiz.draw)))


def test_undecided_is_cleared_and_an_unanswered_appeal_is_upheld_before_the_freeze(stage: Stage) -> None:
    quiz, _, flag = flagged(stage)
    stage.sit(quiz, takes=2)
    stage.publish()
    undecided = Flag.objects.latest("pk")
    decide_flag(flag, struck=True, reason="Too fast.", by=stage.people["organiser"], at=stage.now)
    appeal(flag, words="No machine.", at=stage.now)
    stage.at(quiz.closes + 5)
    stage.turn()
    stage.at(quiz.rules["freezes"] + 5)
    stage.turn(3)
    flag.refresh_from_db()
    undecided.refresh_from_db()
    assert (flag.state, undecided.state, undecided.decided_by) == ("restored", "cleared", None)
    assert said("quiz.entry_restored")[0]["reason_code"] == "appeal_unanswered"
    assert said("draw.pool_frozen")[0]["count"] == 2


def test_after_the_freeze_nothing_is_struck(stage: Stage) -> None:
    quiz, client, flag = flagged(stage)
    stage.at(quiz.rules["freezes"])
    for attempt in (
        lambda: decide_flag(flag, struck=True, reason="Late.", by=stage.people["organiser"], at=stage.now),
        lambda: appeal(flag, words="x", at=stage.now),
    ):
        with pytest.raises(Refused, match=r"draw\.struck_late"):
            attempt()
    assert not said("quiz.entry_struck") and client


def test_a_class_behind_one_address_is_no_burst_and_a_machine_is(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    stage.sit(quiz)
    pattern = Sitting.objects.get()
    for number in range(BURST - 2):
        fields = {
            f.attname: getattr(pattern, f.attname) for f in Sitting._meta.concrete_fields if f.attname not in {"id", "minute_id"}
        }
        Sitting.objects.create(**fields | {"token_sha256": f"{number:064d}", "submitted_at": stage.now})
    stage.sit(quiz)
    assert not Flag.objects.exists()
    stage.sit(quiz)
    assert [f.reason_code for f in Flag.objects.all()] == ["burst"]


def test_the_same_wrong_answers_from_one_network_are_seen_and_the_same_right_ones_are_not(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 5)
    for _ in range(ALIKE + 1):
        stage.sit(quiz)
    assert not Flag.objects.exists(), "all right is what everybody should answer"
    statements = []
    for address in ["198.51.100.7"] * (ALIKE + 1) + ["192.0.2.5"]:
        client = stage.begin(quiz, Browser(address))
        sitting = stage.sitting(quiz)
        for place, document in enumerate(questions_of(sitting), 1):
            made = wrong_answer if document["code"] == "q003" else right_answer
            client.post(f"{home(quiz)}{place}/", {**as_form(_same(made, document, sitting.seed)), "go": "next"})
        stage.at(stage.now + 120)
        with CaptureQueriesContext(connection) as asked:
            client.post(f"{home(quiz)}send/")
        statements.append(len(asked))
    assert statements[0] == statements[1] == statements[2], "one more in the network costs the database nothing more"
    assert [f.reason_code for f in Flag.objects.all()] == ["identical"]


def _same(made: Any, document: dict[str, Any], seed: str) -> dict[str, Any]:
    """The same wrong option wherever it stands."""
    from showground.rules.answers import slots

    if made is right_answer:
        return right_answer(document, seed)
    return {"choice": [o["key"] for o in slots(document, seed)].index("b")}
