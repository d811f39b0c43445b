"""A quiz with prizes keeps its key: no answer of the site carries a trace of it before it is revealed, whoever asks for what."""

from __future__ import annotations

import copy
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from showground.ledger.models import Log
from showground.quiz.models import PoolItem, Quiz, Sitting, Version
from showground.quiz.queries.shown import shown
from showground.quiz.queries.sittings import questions_of
from showground.rules import records
from showground.tlog import note, policy, proof
from showground.verify.receipt import check_receipt
from tests.intake.conftest import folder as folder
from tests.quiz.played import HERE, HOUR, KINDS, Browser, Stage, as_form, home, question, right_answer, text_of, wrong_answer
from tests.quiz.played import stage as stage

LINK = re.compile(r'(?:href|src|action|data-worker)="([^"#]+)')
SECRETS = (b"KEYWORD", b'"cue":', b'"credit"', b'"trick":', b'"accepted"', b'"pairs":[["')
NUMBER = re.compile(rb"(?<![\w+/=-])9174(?![\w+/=-])")  # alone: hashes and tokens have its four digits in a row by chance


def body(answer: HttpResponse) -> bytes:
    found = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Encoding") == "gzip":
        import gzip

        found = gzip.decompress(found)
    return found


def crawl(client: Client, first: str, seen: dict[str, bytes]) -> None:
    """Reads every page of the site that can be reached from `first`, with its headers, into `seen`."""
    todo = [first]
    while todo:
        path = todo.pop()
        if path in seen or urlsplit(path).path.endswith(("/bundle.zip", ".pyz")):
            continue
        answer = client.get(path)
        head = repr(sorted(answer.headers.items())).encode()
        seen[path] = body(answer) + head
        if answer.status_code in {301, 302}:
            todo.append(urljoin(path, answer["Location"]))
        if "text/html" in answer.headers.get("Content-Type", ""):
            links = [urljoin(path, link.replace("&amp;", "&")) for link in LINK.findall(seen[path].decode("utf-8", "replace"))]
            todo += [link for link in links if not urlsplit(link).netloc and "sign-in" not in link]


def answer_some(stage: Stage, quiz: Quiz, client: Client, language: str) -> None:
    """Answers as a person would, right where nothing of the key has to be typed."""
    sitting = stage.sitting(quiz)
    for place, document in enumerate(questions_of(sitting), 1):
        typed = document["kind"] in {"short", "numeric", "cloze"}
        made = (wrong_answer if typed else right_answer)(document, sitting.seed)
        client.post(f"{home(quiz, language)}{place}/", {**as_form(made), "go": "next"})


def test_a_crawl_of_everything_finds_no_trace_of_the_key(stage: Stage) -> None:
    quiz = stage.prize_quiz(change={"pass": 1})
    seen: dict[str, bytes] = {}
    crawl(Browser(), "/en/2026/", seen)
    for language in ("en", "zh-hans"):
        for _ in range(4):  # others are asked other questions
            client = stage.begin(quiz, language=language)
            mine: dict[str, bytes] = {}
            crawl(client, f"{home(quiz, language)}1/", mine)
            answer_some(stage, quiz, client, language)
            for sent in ({"choice": "99"}, {"verdict": "maybe"}, {"mark": ["0"]}, {"order": ["0", "0"]}, {"text": "x" * 300}):
                for place in range(1, 6):
                    for headers in ({}, {"HTTP_ACCEPT": "application/json"}):
                        reply = client.post(f"{home(quiz, language)}{place}/", sent, **headers)
                        mine[f"{place} {sent} {headers}"] = body(reply) + repr(sorted(reply.headers.items())).encode()
            answer_some(stage, quiz, client, language)
            client.post(f"{home(quiz, language)}send/")
            stage.publish()
            crawl(client, f"{home(quiz, language)}done/", mine)
            crawl(client, f"/{language}/2026/quiz/", mine)
            seen |= {f"{language} {path} {len(seen)}": data for path, data in mine.items()}
    for path in ("checkpoint", "tile/entries/000.p/5", "policy"):
        seen[path] = body(Client().get(f"/log/2026/{path}"))
    assert len(seen) > 150
    assert any(b"entry-" in data for data in seen.values()), "no receipt was seen"
    found = {(path, secret) for path, data in seen.items() for secret in SECRETS if secret in data}
    found |= {(path, b"9174") for path, data in seen.items() if NUMBER.search(data)}
    assert found == set()
    assert all(b"'ETag'" not in data for path, data in seen.items() if "/quiz/" in path and "static" not in path)


def test_a_planted_leak_would_be_found(stage: Stage) -> None:
    """The same crawl sees the key where it may be seen: in practice, after an answer."""
    quiz = stage.practice_quiz()
    client = stage.begin(quiz)
    stage.answer_all(quiz, client, 9)
    client.post(f"{home(quiz)}send/")
    seen: dict[str, bytes] = {}
    crawl(client, f"{home(quiz)}done/", seen)
    assert any(b"KEYWORD because" in data for data in seen.values())


def other_key(document: dict[str, Any]) -> dict[str, Any]:
    """The same question to look at, with another key."""
    found = copy.deepcopy(document)
    for holder in ("options", "lines"):
        for item in found.get(holder, []):
            item.pop("why", None)
    if found["kind"] in {"single", "true_false", "multiple"}:
        credits = [option["credit"] for option in found["options"]]
        for option, worth in zip(found["options"], credits[1:] + credits[:1], strict=True):
            option["credit"] = worth
    if "accepted" in found:
        found["accepted"] = (
            [{"text": "quite other", "credit": [1, 1]}]
            if found["kind"] == "short"
            else [{"low": "1", "high": "2", "credit": [1, 1]}]
        )
    if found["kind"] == "matching":
        found["pairs"] = [["l1", "r2"], ["l2", "r3"]]
    if found["kind"] == "ordering":
        found["options"] = found["options"][::-1]
    if found["kind"] == "cloze":
        one, two = found["gaps"][0]["options"]
        one["credit"], two["credit"] = two["credit"], one["credit"]
        found["gaps"][0]["options"] = [two, one]
        found["gaps"][1]["accepted"] = [{"low": "1", "high": "2", "credit": [1, 1]}]
        found["gaps"][0]["weight"] = 7
    if found["kind"] == "phish":
        found["trick"] = not found["trick"]
        for line in found["lines"]:
            line.pop("cue", None)
        if found["trick"]:
            found["lines"][0]["cue"], found["lines"][4]["cue"] = True, True
            found["enough"] = 1
    for field, text in (("explanation", "Because of something else."), ("title", "Another title")):
        found[field] = {"en": text, "zh": text}
    return found | {"source": "elsewhere", "tags": ["other"], "category": "other"}


def scenario(client: Client, quiz: Quiz, seed: str, items: list[str]) -> list[bytes]:
    """Every answer of the site to one visitor who does the same things."""
    heard: list[HttpResponse] = [client.get(home(quiz)), client.post(f"{home(quiz)}begin/")]
    Sitting.objects.filter(pk=Sitting.objects.latest("pk").pk).update(seed=seed, items=items)
    for place in range(1, len(items) + 1):
        heard.append(client.get(f"{home(quiz)}{place}/"))
        for sent in ({"choice": "0"}, {"choice": ["0", "1"]}, {"text": "96110"}, {"pair-0": "1"}, {"order": ["1", "0", "2"]},
                     {"gap-g1": "1", "gap-g2": "30"}, {"verdict": "trick", "mark": ["1"]}, {"mark": ["1"]}, {"choice": "77"}):  # fmt: skip
            heard.append(client.post(f"{home(quiz)}{place}/", sent))
            heard.append(client.post(f"{home(quiz)}{place}/", sent, HTTP_ACCEPT="application/json"))
            heard.append(client.get(f"{home(quiz)}{place}/"))
        heard.append(client.post(f"{home(quiz)}{place}/", {"go": "next"}))
    heard += [client.get(f"{home(quiz)}send/"), client.post(f"{home(quiz)}send/"), client.get(f"{home(quiz)}done/")]
    return [_plain(answer) for answer in heard]


def _plain(answer: HttpResponse) -> bytes:
    """Status, headers and body without what is drawn anew for everybody."""
    whole = f"{answer.status_code} {sorted(answer.headers.items())}".encode() + body(answer)
    return re.sub(rb"data-(?:challenge|salt|signature)=\"[^\"]*\"|'Expires', '[^']*'", b"", whole)


def test_two_quizzes_that_differ_in_their_key_alone_answer_byte_for_byte_the_same(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=KINDS)
    Quiz.objects.filter(pk=quiz.pk).update(items=9)
    codes = sorted(quiz.pool.values_list("code", flat=True))
    first = scenario(Browser(), quiz, "5" * 64, codes)
    for item in PoolItem.objects.filter(quiz=quiz).select_related("version"):
        changed = other_key(item.version.document)
        from showground.rules.questions import check_question

        check_question(changed)
        assert records.canonical(changed) != records.canonical(item.version.document)
        Version.objects.filter(pk=item.version_id).update(document=changed)
    second = scenario(Browser(), quiz, "5" * 64, codes)
    assert len(first) == len(second) > 200
    for at, (one, two) in enumerate(zip(first, second, strict=True)):
        place = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), -1)
        assert one == two, (at, one[place - 80 : place + 80], two[place - 80 : place + 80])


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_page_is_given_does_not_depend_on_the_key(kind: str) -> None:
    for number in range(1, 6):
        document = question(number, kind)
        for seed in ("a" * 64, "0123456789abcdef" * 4):
            for language in ("en", "zh-hans"):
                assert shown(document, seed, {}, language) == shown(other_key(document), seed, {}, language)


def test_the_author_s_order_and_codes_are_not_on_the_page(stage: Stage) -> None:
    quiz = stage.prize_quiz(kinds=("single",) * 6)
    orders = set()
    for _ in range(6):
        client = stage.begin(quiz)
        sitting = stage.sitting(quiz)
        page = client.get(f"{home(quiz)}1/").content.decode()
        assert sitting.items[0] not in page and sitting.seed not in page
        orders.add(tuple(re.findall(r"(First|Second|Third) thing", page)))
    assert len(orders) > 1


def test_the_receipt_proves_itself_and_only_its_holder_has_the_secret(stage: Stage) -> None:
    quiz = stage.prize_quiz()
    client = stage.sit(quiz)
    assert client.get(f"{home(quiz)}receipt/file").status_code == 404, "the notary has not signed yet"
    stage.publish()
    data = client.get(f"{home(quiz)}receipt/file").content
    log = Log.objects.get()
    lights = check_receipt(data, policy.parse(log.policy), None, "receipt")
    assert lights.good and [f.word for f in lights.findings][:2] == ["PASS", "PASS"]
    told = records.parse(proof.parse(data).extra or b"")
    assert records.sha256_hex(told["secret"].encode()) == told["opening"]["claim"]
    sitting = stage.sitting(quiz)
    assert told["secret"] not in str(vars(sitting)), "the secret is not kept"
    for stranger in (Browser(), stage.begin(quiz)):
        assert stranger.get(f"{home(quiz)}receipt/file").status_code == 404
        assert stranger.get(f"{home(quiz)}receipt/").status_code == 302
    changed = note.parse  # a receipt with another secret is refused
    assert changed
    lines = data.split(b"\n")
    import base64

    told["secret"] = "A" * 20
    lines[1] = b"extra " + base64.b64encode(records.canonical(told))
    assert not check_receipt(b"\n".join(lines), policy.parse(log.policy), None, "receipt").good


def test_after_the_reveal_the_entrant_learns_what_was_right(stage: Stage) -> None:
    from tests.quiz.test_draw import drawn

    quiz = stage.prize_quiz()
    failed = stage.sit(quiz, right=2)
    passed = stage.sit(quiz)
    stage.at(quiz.closes + 5)
    stage.turn()
    assert "KEYWORD" not in text_of(failed.get(f"{home(quiz)}done/"))
    stage.at(quiz.rules["freezes"] + 5)
    drawn(stage, quiz)
    for client in (failed, passed):
        page = text_of(client.get(f"{home(quiz)}done/"))
        assert "KEYWORD because" in page


def test_cookies_of_two_quizzes_do_not_meet(stage: Stage) -> None:
    one = stage.prize_quiz()
    two = stage.prize_quiz("second", opens=one.opens + HOUR, first=51)
    client = stage.begin(two, stage.begin(one))
    paths = {morsel["path"] for morsel in client.cookies.values()}
    assert all(f"/quiz/{quiz}/" in " ".join(paths) for quiz in ("second",)) and HERE
    assert Sitting.objects.values("token_sha256").distinct().count() == 2 or Sitting.objects.count() == 2
