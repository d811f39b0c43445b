"""The starter bank: sixty questions that are well formed, scored as meant, in two languages, and give nothing away by their shape."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from showground.rules import answers, questions

BANK = Path(__file__).resolve().parents[2] / "showground" / "quiz" / "bank"
FILES = sorted(path for path in BANK.glob("*.json") if path.name != "categories.json")
CATEGORIES: dict[str, dict[str, str]] = json.loads((BANK / "categories.json").read_text(encoding="utf-8"))
ALL: list[questions.Question] = [question for path in FILES for question in json.loads(path.read_text(encoding="utf-8"))]
SEEDS = ("00" * 32, "5a" * 32, "ff" * 32)
# Latin and Cyrillic letters: a look-alike name is a name too. Chinese beside a name is not part of it.
_LABEL = r"[0-9A-Za-z\u0400-\u04ff](?:[0-9A-Za-z\u0400-\u04ff-]*[0-9A-Za-z\u0400-\u04ff])?"
HOST = re.compile(rf"(?<![0-9A-Za-z.-])(?:{_LABEL}\.)+[A-Za-z]{{2,}}(?![0-9A-Za-z@])")
RESERVED = ("example", "test", "invalid", "localhost")
FILE_ENDINGS = ("pdf", "exe")
PUBLIC_NUMBERS = {"110", "96110", "12321", "12377", "12381", "12123"}
DRAMA = re.compile(r"07700 ?900\d{3}")


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(question, id=question["code"]) for question in ALL if question["kind"] in kinds]


every = pytest.mark.parametrize("question", [pytest.param(question, id=question["code"]) for question in ALL])


def words(question: questions.Question) -> Iterator[str]:
    """Yields every text that a person can meet in a question, `why` of gaps and of accepted answers included."""
    stack: list[Any] = [question]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if set(part) <= {"en", "zh"} and part:
                yield from part.values()
            else:
                yield from (part[name] for name in ("leads", "source") if name in part)
                stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)


def bilingual(part: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Yields (place, text) of everything shaped like a text, wherever it stands."""
    if isinstance(part, dict):
        if {"en", "zh"} & set(part):
            yield place, part
        else:
            for name, value in part.items():
                yield from bilingual(value, f"{place}.{name}")
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from bilingual(value, f"{place}.{number}")


# ---- the bank as a whole ----


def test_bank_has_sixty_questions_each_with_its_own_code() -> None:
    assert len(ALL) == 60
    assert len({question["code"] for question in ALL}) == 60


def test_bank_has_twenty_messages_eight_of_them_genuine() -> None:
    messages = [question for question in ALL if question["kind"] == "phish"]
    assert Counter(question["trick"] for question in messages) == {True: 12, False: 8}
    assert {question["channel"] for question in messages} == set(questions.CHANNELS)


def test_bank_uses_every_kind_and_more_single_choice_than_any_other_of_the_forty() -> None:
    kinds = Counter(question["kind"] for question in ALL)
    assert set(kinds) == set(questions.KINDS)
    assert kinds["single"] == max(count for kind, count in kinds.items() if kind != "phish")


def test_bank_has_one_file_for_each_category_with_a_name_in_both_languages() -> None:
    used = Counter(question["category"] for question in ALL)
    assert set(used) == set(CATEGORIES) and min(used.values()) >= 2
    assert all(name.get("en", "").strip() and name.get("zh", "").strip() for name in CATEGORIES.values())
    for path in FILES:
        assert {question["category"] for question in json.loads(path.read_text(encoding="utf-8"))} == {path.stem}


@pytest.mark.parametrize("path", [*FILES, BANK / "categories.json"], ids=lambda path: path.name)
def test_bank_file_is_composed_and_ends_with_a_line_end(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text) and text.endswith("]\n" if path in FILES else "}\n")


@pytest.mark.parametrize("language", questions.LANGUAGES)
def test_no_two_stems_are_the_same(language: str) -> None:
    stems = Counter(re.sub(r"\W", "", question["text"][language]).casefold() for question in ALL)
    assert [stem for stem, count in stems.items() if count > 1] == []


# ---- each question ----


@every
def test_question_is_well_formed(question: questions.Question) -> None:
    questions.check_question(question)


@every
def test_every_text_of_a_question_is_in_both_languages(question: questions.Question) -> None:
    assert questions.untranslated(question) == []
    lacking = [place for place, text in bilingual(question) if set(text) != {"en", "zh"}]
    assert lacking == []
    assert re.search(r"[\u4e00-\u9fff]", question["text"]["zh"]) and not re.search(r"[\u4e00-\u9fff]", question["text"]["en"])


@every
def test_question_teaches_and_names_its_source(question: questions.Question) -> None:
    assert question["source"].strip() and question["tags"]
    sentences = len(re.findall(r"[.?!](?: |$)", question["explanation"]["en"]))
    assert 2 <= sentences <= 4, sentences
    assert len(question["explanation"]["zh"]) >= 50
    for option in question.get("options", []):
        assert question["kind"] == "ordering" or "why" in option


@every
def test_names_in_a_question_are_reserved_ones(question: questions.Question) -> None:
    hosts = {host for text in words(question) for host in HOST.findall(text)}
    strange = {host for host in hosts if host.rsplit(".", 1)[1] not in (*RESERVED, *FILE_ENDINGS)}
    assert strange == set()
    assert all("//" not in text or re.match(r"https://", text) for text in words(question))


@every
def test_numbers_in_a_question_ring_nobody(question: questions.Question) -> None:
    for text in words(question):
        plain = DRAMA.sub("", text)
        numbers = re.findall(r"(?<![\d.-])\d[\d -]{6,}\d(?![\d.])", plain)
        assert [number for number in numbers if len(re.sub(r"\D", "", number)) > 10] == []
        assert set(re.findall(r"(?<!\d)(?:96110|123\d\d)(?!\d)", plain)) <= PUBLIC_NUMBERS


@pytest.mark.parametrize(
    ("text", "host"),
    [("见shop.cn。", "shop.cn"), ("a@bаnk.ru", "bаnk.ru"), ("https://x.example.evil.com/p", "x.example.evil.com")],
)
def test_a_real_name_would_be_noticed(text: str, host: str) -> None:
    assert HOST.findall(text) == [host]


@every
def test_chinese_is_set_with_chinese_marks(question: questions.Question) -> None:
    for _, text in bilingual(question):
        chinese = text["zh"]
        assert not re.search(r"[\u4e00-\u9fff”）][,;:?!()]|[,;:?!()][\u4e00-\u9fff“（]", chinese), chinese
        assert not re.search(r"[\"'「」『』]|\.\.\.|\s{2}", chinese), chinese
        assert chinese.count("“") == chinese.count("”"), chinese
        assert not re.search(r"[\u4e00-\u9fff] [0-9A-Za-z]|[0-9A-Za-z] [\u4e00-\u9fff]", chinese) or question["kind"] == "phish"


@every
def test_english_is_set_with_english_marks(question: questions.Question) -> None:
    for _, text in bilingual(question):
        assert not re.search(r"[\"'，。；：？！（）]|\s{2}| [,;:?!]| \.(?![a-z])", text["en"]), text["en"]
        assert text["en"].count("“") == text["en"].count("”")


# ---- scores ----


def place_of(question: questions.Question, key: str, seed: str, gap: str = "") -> int:
    return [option["key"] for option in answers.slots(question, seed, gap)].index(key)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("question", of_kind("single", "true_false"))
def test_only_the_right_option_is_worth_the_point(question: questions.Question, seed: str) -> None:
    worths = [answers.score(question, {"choice": slot}, seed) for slot in range(len(question["options"]))]
    assert sorted(worths) == [0] * (len(worths) - 1) + [1]


@pytest.mark.parametrize("question", of_kind("multiple"))
def test_only_the_whole_choice_is_worth_the_point(question: questions.Question) -> None:
    right = sorted(place_of(question, option["key"], SEEDS[0]) for option in question["options"] if option["credit"][0] > 0)
    count = len(question["options"])
    for size in range(1, count + 1):
        for choice in itertools.combinations(range(count), size):
            worth = answers.score(question, {"choices": list(choice)}, SEEDS[0])
            assert (worth == 1) == (list(choice) == right), choice
    assert answers.score(question, {"choices": list(range(count))}, SEEDS[0]) == 0
    assert sum(Fraction(*option["credit"]) for option in question["options"]) == 0


@pytest.mark.parametrize("question", of_kind("short", "numeric"))
def test_accepted_answers_are_worth_what_they_say(question: questions.Question) -> None:
    for item in question["accepted"]:
        given = item["value"] if question["kind"] == "numeric" else item["text"].replace("*", " ").strip()
        assert answers.score(question, {"text": given}, SEEDS[0]) >= Fraction(*item["credit"])
    assert answers.score(question, {"text": "7"}, SEEDS[0]) == 0


@pytest.mark.parametrize(
    ("code", "given", "worth"),
    [
        ("call-04", "A code word", 1), ("call-04", "约一个暗号", 1), ("call-04", "家庭口令", 1), ("call-04", "a question", Fraction(1, 2)),
        ("call-04", "money", 0), ("call-04", "视频", 0), ("dev-08", ".EXE", 1), ("dev-08", "ＥＸＥ", 1), ("dev-08", "pdf.exe", 1),
        ("dev-08", ".pdf", 0), ("dev-08", "pdf", 0), ("mon-01", "8,470", 1), ("mon-01", "8600", Fraction(1, 2)), ("mon-01", "8000", 0),
        ("dev-02", "１", 1), ("dev-02", "2", 0), ("dev-02", "0", 0),
    ],
)  # fmt: skip
def test_typed_answer_is_understood(code: str, given: str, worth: Fraction | int) -> None:
    question = next(question for question in ALL if question["code"] == code)
    assert answers.score(question, {"text": given}, SEEDS[0]) == worth


@pytest.mark.parametrize("question", of_kind("matching"))
def test_only_the_meant_pairs_are_worth_the_point(question: questions.Question) -> None:
    keys = [item["key"] for item in answers.slots(question, SEEDS[1])]
    right = [[place, keys.index(dict(question["pairs"])[item["key"]])] for place, item in enumerate(question["left"])]
    assert answers.score(question, {"pairs": right}, SEEDS[1]) == 1
    for place, slot in itertools.product(range(len(right)), range(len(keys))):
        other = [[p, slot if p == place else s] for p, s in right]
        assert other == right or answers.score(question, {"pairs": other}, SEEDS[1]) < 1
    assert len(question["right"]) > len(question["left"])


@pytest.mark.parametrize("question", of_kind("ordering"))
def test_only_the_meant_order_is_worth_the_point(question: questions.Question) -> None:
    keys = [item["key"] for item in answers.slots(question, SEEDS[1])]
    right = [keys.index(option["key"]) for option in question["options"]]
    for order in itertools.permutations(right):
        assert (answers.score(question, {"order": list(order)}, SEEDS[1]) == 1) == (list(order) == right)


@pytest.mark.parametrize("question", of_kind("cloze"))
def test_only_the_meant_gaps_are_worth_the_point(question: questions.Question) -> None:
    right = {
        gap["key"]: place_of(question, next(o["key"] for o in gap["options"] if o["credit"] == [1, 1]), SEEDS[2], gap["key"])
        for gap in question["gaps"]
    }
    for choice in itertools.product(*(range(len(gap["options"])) for gap in question["gaps"])):
        given = dict(zip(right, choice, strict=True))
        worth = answers.score(question, {"gaps": {key: {"choice": slot} for key, slot in given.items()}}, SEEDS[2])
        assert (worth == 1) == (given == right)


# ---- messages ----


@pytest.mark.parametrize("question", of_kind("phish"))
def test_message_is_right_with_its_cues_and_not_with_the_other_verdict(question: questions.Question) -> None:
    marks = [place for place, line in enumerate(question["lines"]) if line.get("cue")]
    verdict, other = ("trick", "genuine") if question["trick"] else ("genuine", "trick")
    assert answers.score(question, {"verdict": verdict, "marks": marks}, "") == 1
    assert answers.score(question, {"verdict": other, "marks": marks}, "") == 0
    plain = [place for place, line in enumerate(question["lines"]) if not line.get("cue")]
    assert answers.score(question, {"verdict": verdict, "marks": plain}, "") < 1


@pytest.mark.parametrize("question", of_kind("phish"))
def test_message_says_of_each_cue_why_and_of_each_trick_how_hard(question: questions.Question) -> None:
    assert all("why" in line for line in question["lines"] if line.get("cue"))
    assert any("why" in line for line in question["lines"])
    assert ("premise" in question) == question["trick"]
    assert not question["trick"] or len(questions.cues(question)) >= 2


@pytest.mark.parametrize("question", of_kind("phish"))
def test_message_tells_where_each_of_its_links_leads(question: questions.Question) -> None:
    for line in question["lines"]:
        assert ("leads" in line) == (line["role"] in {"link", "button", "qr"}), line["key"]


@pytest.mark.parametrize("verdict", ["trick", "genuine"])
def test_one_verdict_for_every_message_does_not_pass(verdict: str) -> None:
    """Neither to mark everything nor to mark nothing is a way through half of the messages."""
    messages = [question for question in ALL if question["kind"] == "phish"]
    whole = 0
    for question in messages:
        marks = list(range(len(question["lines"]))) if verdict == "trick" else []
        whole += answers.score(question, {"verdict": verdict, "marks": marks}, "") == 1
    assert whole <= len(messages) // 2


# ---- what the shape gives away ----


def singles() -> list[questions.Question]:
    return [question for question in ALL if question["kind"] == "single"]


def test_right_option_stands_at_every_place_about_equally_often() -> None:
    places = Counter([option["credit"] for option in question["options"]].index([1, 1]) for question in singles())
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= len(singles()) * 2 // 5


@pytest.mark.parametrize("language", questions.LANGUAGES)
def test_length_does_not_give_the_right_option_away(language: str) -> None:
    longest = shortest = 0
    ratios = []
    for question in singles():
        lengths = {option["key"]: len(option["text"][language]) for option in question["options"]}
        right = lengths.pop(next(option["key"] for option in question["options"] if option["credit"] == [1, 1]))
        longest += right > max(lengths.values())
        shortest += right < min(lengths.values())
        ratios.append(right / (sum(lengths.values()) / len(lengths)))
        assert 0.6 <= ratios[-1] <= 1.5, question["code"]
    assert max(longest, shortest) <= len(ratios) // 3
    assert 0.88 <= sum(ratios) / len(ratios) <= 1.12


@pytest.mark.parametrize("language", questions.LANGUAGES)
def test_length_does_not_give_the_right_options_of_several_away(language: str) -> None:
    right, wrong = [], []
    for question in ALL:
        if question["kind"] == "multiple":
            for option in question["options"]:
                (right if option["credit"][0] > 0 else wrong).append(len(option["text"][language]))
    assert 0.75 <= (sum(right) / len(right)) / (sum(wrong) / len(wrong)) <= 1.25


# ---- the guide for authors ----


def test_guide_shows_a_question_of_each_kind_that_is_one() -> None:
    guide = (BANK.parents[2] / "docs" / "guides" / "author.md").read_text(encoding="utf-8")
    shown = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", guide, re.DOTALL)]
    assert [question["kind"] for question in shown] == list(questions.KINDS)
    for question in shown:
        questions.check_question(question)
