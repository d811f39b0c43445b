"""A sheet sealed in a real Chromium is opened and verified by Python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from showground.jury.models import Juror, Sheet
from showground.ledger.queries import asset_path
from showground.rules import records, scores
from showground.tlog import note
from showground.witness.escrow import open_escrow
from tests.harness.browser import axe, complaints, tab
from tests.harness.browser import browser as browser
from tests.harness.juror import PythonJuror
from tests.jury.sample import ESCROW, Judging, judging
from tests.jury.test_vector import VECTOR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSPHRASE = "four quite ordinary words"


@pytest.fixture
def week(transactional_db: None, folders: None, settings: Any) -> Judging:
    stood = judging()
    settings.CLOCK = lambda: stood.judging
    return stood


@pytest.fixture
def page(browser: Any, live_server: Any, week: Judging) -> Iterator[Page]:
    with tab(browser) as opened:
        sit_down(opened, live_server.url, week, 1)
        yield opened


def sit_down(page: Page, site: str, week: Judging, number: int) -> None:
    client = Client()
    client.force_login(week.person(number))
    page.context.add_cookies([{"name": "sid", "value": client.cookies["sid"].value, "url": site}])
    page.goto(f"{site}/en/2026/jury/")


def make_key(page: Page) -> None:
    page.locator("#pass-1").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("[data-step=score]")).to_be_visible()


def mark(page: Page, code: str, points: list[int]) -> None:
    page.locator(f"[data-to='{code}']").click()
    for field, value in zip(page.locator(f"#work-{code} [data-criterion]").all(), points, strict=True):
        field.fill(str(value))


def seal(page: Page) -> str:
    page.get_by_role("button", name="Look over and seal").click()
    expect(page.locator("[data-dialog] [data-seal]")).to_be_disabled()
    page.get_by_label("The best and the lowest are as I mean them.").check()
    page.locator("[data-dialog] [data-seal]").click()
    expect(page.get_by_role("heading", name="Your sheet is sealed")).to_be_visible()
    return page.locator("[data-commit-now]").inner_text()


def opened(week: Judging, sheet: Sheet) -> dict[str, Any]:
    blob = asset_path(week.row.origin, sheet.escrow_sha256).read_bytes()
    return records.parse(open_escrow(blob, ESCROW, week.row.origin, sheet.juror.number, "final"))


def test_a_sheet_sealed_in_the_browser_opens_and_verifies_in_python(week: Judging, page: Page) -> None:
    heard, sent = complaints(page), []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    make_key(page)
    best, worst, left_out, half = week.listed[:4]
    mark(page, best, [40, 30, 30])
    mark(page, worst, [0, 1, 2])
    page.locator(f"[data-to='{left_out}']").click()
    page.locator(f"#work-{left_out} [data-abstain]").check()
    page.locator(f"[data-to='{half}']").click()
    page.locator(f"#work-{half} [data-criterion]").first.fill("9")
    commit = seal(page)

    sheet = Sheet.objects.get()
    opening = opened(week, sheet)
    assert commit == sheet.commit == records.commitment(opening)
    keys = [row["key"] for row in week.played.rule["jury"]["criteria"]]
    wanted = [[best, k, p] for k, p in zip(keys, (40, 30, 30), strict=True)]
    wanted += [[worst, k, p] for k, p in zip(keys, (0, 1, 2), strict=True)] + [[left_out, "abstain", 1]]
    assert opening["scores"] == sorted(wanted)
    scores.check_scores(week.played.rule, week.played.week.category_of(), week.listed, [], opening["scores"])

    juror = Juror.objects.get(number=1)
    key = note.parse_vkey(juror.vkey)
    signed = records.jury_note(week.row.origin, 1, "final", commit)
    from showground.ledger.models import Minute

    record = json.loads(Minute.objects.get(kind="jury.committed").entry)
    assert note.open_note(note.parse(f"{signed}\n— {key.name} {record['sig']}\n"), [key]).text == signed
    kept = json.dumps([juror.wrapped_key, juror.draft])
    assert best not in kept and PASSPHRASE not in kept
    assert len([body for body in sent if body]) >= 3  # key, draft, sheet
    assert not any(word in body for body in sent for word in (best, worst, left_out, PASSPHRASE, "abstain"))
    assert heard == []


def test_another_device_goes_on_with_the_passphrase_and_not_without(
    week: Judging, page: Page, browser: Any, live_server: Any
) -> None:
    make_key(page)
    mark(page, week.listed[0], [12, 13, 14])
    expect(page.locator("[data-saved]")).to_contain_text("Draft, saved")
    with tab(browser, width=390) as second:
        sit_down(second, live_server.url, week, 1)
        second.locator("#pass").fill("not the right words")
        second.get_by_role("button", name="Open").click()
        expect(second.get_by_role("alert")).to_have_text("That is not the passphrase.")
        second.locator("#pass").fill(PASSPHRASE)
        second.get_by_role("button", name="Open").click()
        second.locator(f"[data-to='{week.listed[0]}']").click()
        expect(second.locator(f"#work-{week.listed[0]} [data-sum]")).to_have_text("39")
        seal(second)
    assert opened(week, Sheet.objects.get())["scores"] == sorted(
        [week.listed[0], row["key"], points] for row, points in zip(week.played.rule["jury"]["criteria"], (12, 13, 14), strict=True)
    )


def test_a_broken_line_seals_the_same_sheet_once(week: Judging, page: Page) -> None:
    make_key(page)
    mark(page, week.listed[0], [1, 2, 3])
    expect(page.locator("[data-saved]")).to_contain_text("Draft, saved")
    sent: list[str] = []

    def lose_the_answer(route: Any) -> None:
        sent.append(route.fetch().json()["commit"])
        route.abort()

    page.route("**/jury/seal/", lose_the_answer, times=1)
    page.get_by_role("button", name="Look over and seal").click()
    page.get_by_label("The best and the lowest are as I mean them.").check()
    page.locator("[data-dialog] [data-seal]").click()
    expect(page.locator("[data-dialog] [data-error]")).to_contain_text("Nothing is lost: try again.")
    page.locator("[data-dialog] [data-seal]").click()
    expect(page.get_by_role("heading", name="Your sheet is sealed")).to_be_visible()
    assert [sheet.commit for sheet in Sheet.objects.all()] == sent


def test_points_out_of_range_are_not_marks(week: Judging, page: Page) -> None:
    make_key(page)
    code = week.listed[0]
    mark(page, code, [41, 30, 30])
    expect(page.locator(f"#work-{code} [data-sum]")).to_have_text("–")
    page.locator(f"#work-{code} [data-criterion]").first.fill("40")
    expect(page.locator(f"#work-{code} [data-sum]")).to_have_text("100")


def test_the_browser_makes_the_vectors_bytes(week: Judging, page: Page) -> None:
    made = page.evaluate(
        """async (v) => {
            const s = await import("/static/jury/sealing.js");
            const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
            const facts = { origin: v.origin, juror: v.juror, sheet: v.sheet, escrow: v.escrow_vkey };
            const opening = s.openingOf(facts, v.rows, bytes(v.salt_hex));
            const head = bytes("302e020100300506032b657004220420");
            const pkcs8 = new Uint8Array([...head, ...bytes(v.juror_seed_hex)]);
            const sign = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
            const commit = await s.commitment(opening);
            const other = v.escrow_vkey.replace("/3No", "/3Np");
            return {
                opening: s.canonical(opening), commit, sig: await s.signature({ vkey: v.juror_vkey, sign }, facts, commit),
                escrow: s.base64(await s.escrowKey(v.escrow_vkey)),
                refused: await s.escrowKey(other).then(() => false, () => true),
                text: s.canonical({ b: ["é\\u2028", "\\u0001\\"\\\\"], a: { y: -0, x: true } }),
            };
        }""",
        VECTOR,
    )
    assert {name: made[name] for name in ("opening", "commit", "sig")} == {
        name: VECTOR[name] for name in ("opening", "commit", "sig")
    }
    import base64

    from showground.witness.escrow import escrow_public

    assert base64.b64decode(made["escrow"]) == escrow_public(VECTOR["escrow_vkey"]) and made["refused"]
    assert made["text"].encode() == records.canonical({"b": ["é\u2028", '\x01"\\'], "a": {"y": 0, "x": True}})


def test_a_key_made_elsewhere_is_told_apart(browser: Any, live_server: Any, week: Judging) -> None:
    client = Client()
    client.force_login(week.person(3))
    PythonJuror(client, "2026").declare()
    with tab(browser) as page:
        sit_down(page, live_server.url, week, 3)
        expect(page.get_by_role("heading", name="This key lies elsewhere")).to_be_visible()
        expect(page.locator("[data-step=make], [data-step=open]").first).to_be_hidden()


def test_keys_move_between_works_but_not_while_typing(week: Judging, page: Page) -> None:
    make_key(page)
    first, second = week.played.week.shortlist[:2]
    expect(page.locator(f"#work-{first}")).to_be_visible()
    page.locator(f"#work-{first} h2").focus()
    page.keyboard.press("n")
    expect(page.locator(f"#work-{second}")).to_be_visible()
    page.keyboard.press("p")
    page.locator(f"#work-{first} [data-criterion]").first.focus()
    page.keyboard.press("n")
    expect(page.locator(f"#work-{first}")).to_be_visible()
    page.keyboard.press("Alt+n")
    expect(page.locator(f"#work-{second}")).to_be_visible()


@pytest.mark.parametrize(("width", "dark", "lang"), [(390, False, "en"), (1280, True, "zh-hans")])
def test_the_desk_is_clean_to_axe_and_fits_the_screen(
    week: Judging, browser: Any, live_server: Any, width: int, dark: bool, lang: str
) -> None:
    with tab(browser, width=width, dark=dark) as page:
        sit_down(page, live_server.url, week, 2)
        page.goto(f"{live_server.url}/{lang}/2026/jury/")
        expect(page.locator("#pass-1")).to_be_visible()
        assert axe(page) == []
        page.locator("#pass-1").fill(PASSPHRASE), page.locator("#pass-2").fill(PASSPHRASE)
        page.locator("[data-make] button").click()
        expect(page.locator("[data-step=score]")).to_be_visible()
        mark(page, week.listed[0], [1, 2, 3])
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("[data-ask]").click()
        expect(page.locator("[data-dialog]")).to_be_visible()
        assert axe(page) == []
