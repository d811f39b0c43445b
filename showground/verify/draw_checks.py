"""Could anybody steer the draw? What only times, witnesses and a pairing can show; order and arithmetic the records' check has seen.

Whoever froze the list, or put in a seed, did it before chance spoke: witnesses signed a checkpoint with it before the beacon's round
by more than clocks may differ, or (dice) before the record of the throws.
"""

from __future__ import annotations

from collections.abc import Iterator

from showground.rules import draws
from showground.rules.quiz_rules import prize_words
from showground.rules.quizzes import DrawState
from showground.tlog import bls
from showground.verify.case import FAIL, GAP, NOT_YET, PASS, SKEW, Case, Finding, many


def drawn(case: Case) -> Iterator[Finding]:
    """Every draw of the log: pool, seeds, beacon, result and claims."""
    if not case.week.draws:
        yield Finding(PASS, "there is no draw in this log")
        return
    case.numbers["draws"] = {code: _numbers(draw) for code, draw in case.week.draws.items()}
    for draw in case.week.draws.values():
        if draw.frozen is None:
            yield from _missing(case, draw, "pool", "the list of entries was never frozen")
            continue
        yield from _pool(case, draw, draw.frozen[0])
        yield from _seeds(case, draw)
        if draw.beacon is not None:
            yield from _beacon(case, draw, draw.beacon[0])
        if draw.result is None:
            what = "beacon" if draw.beacon is None else "result"
            yield from _missing(case, draw, what, f"there is no {what}")
            continue
        won, more = len(draw.result[1]["winners"]), len(draw.result[1]["alternates"])
        tickets = many(len(draw.tickets), "ticket")
        yield Finding(
            PASS, f"draw {draw.draw}: {won} of {tickets} drawn and {more} alternates, as pool, seeds and beacon give them"
        )
        yield from _claims(case, draw)


def _numbers(draw: DrawState) -> dict[str, object]:
    """What a reader wants to see: tickets, and each position drawn with its record, prize and state."""
    rows: list[list[object]] = []
    if draw.result is not None:
        said = draw.result[1]
        prizes = dict(zip(said["winners"], prize_words(draw.rules), strict=False))
        for position in (*said["winners"], *said["alternates"]):
            state, prize = draw.claims.get(position, ("", prizes.get(position, "")))
            rows.append([position, draw.tickets[position - 1], prize, state])
    return {"tickets": len(draw.tickets), "drawn": rows}


def _due(draw: DrawState) -> int:
    """When chance speaks: the time of the beacon's round, or of the throws."""
    beacon = draw.rules["draw"]["beacon"]
    if beacon["kind"] == "dice":
        return int(draw.rules["draw"]["draws_at"])
    return draws.time_of_round(beacon, draws.round_at(draw.rules))


def _late(draw: DrawState) -> int:
    """After this time a missing beacon or result is withheld."""
    return _due(draw) + 3600 * int(draw.rules["draw"]["fallback_hours"])


def _missing(case: Case, draw: DrawState, what: str, text: str) -> Iterator[Finding]:
    over, file = case.newest - _late(draw), case.file_of(case.week.quizzes[draw.quiz].rules_index)
    if over > 0:
        yield Finding(FAIL, f"withheld {what}: draw {draw.draw}: {text}, {over} s after the rule's last time for it", file)
    elif case.week.log_closed is not None:
        yield Finding(FAIL, f"withheld {what}: draw {draw.draw}: {text}, and the log is closed", file)
    else:
        yield Finding(NOT_YET, f"draw {draw.draw}: {text} yet")


# ---- before chance speaks ----


def _before_chance(case: Case, draw: DrawState, index: int, attack: str, what: str) -> Iterator[Finding]:
    """A quorum had record `index` before them safely before the round; for dice see `_thrown`."""
    seen, due = case.witnessed_at(index), _due(draw)
    if seen is None:
        yield Finding(FAIL, f"record {index}: {attack}: no quorum of witnesses saw {what}", case.file_of(index))
    elif draw.rules["draw"]["beacon"]["kind"] == "drand" and seen + SKEW >= due:
        when = f"{seen - due} s after" if seen >= due else f"only {due - seen} s before"
        text = f"record {index}: {attack}: {what} was witnessed {when} the beacon's round"
        yield Finding(FAIL, text, case.file_of(index))


def _pool(case: Case, draw: DrawState, index: int) -> Iterator[Finding]:
    freezes, grace = draw.rules["freezes"], draw.rules["grace"]
    if any(time + SKEW < freezes for head in case.having(index) for time in head.times.values()):
        text = f"record {index}: the pool of {draw.draw} was frozen before its time"
        yield Finding(FAIL, text, case.file_of(index))
    late = list(_before_chance(case, draw, index, "pool frozen after the round", f"the pool of {draw.draw}"))
    yield from late
    seen = case.witnessed_at(index)
    if not late and seen is not None and seen > freezes + grace:
        text = f"record {index}: the pool of {draw.draw} was witnessed {seen - freezes - grace} s beyond the grace"
        yield Finding(GAP, text, case.file_of(index))
    if not late:
        yield Finding(PASS, f"draw {draw.draw}: {many(len(draw.tickets), 'ticket')} frozen before chance spoke")


def _between(case: Case, first: int, then: int) -> bool:
    """Tells whether a witnessed checkpoint holds record `first` and not yet record `then`."""
    return any(first < head.size <= then and head.quorum_at(case.policy) is not None for head in case.heads)


def _seeds(case: Case, draw: DrawState) -> Iterator[Finding]:
    """Seeds were bound before any was opened, and opened before chance spoke."""
    commits, opened = [i for i, _ in draw.commits.values()], [i for i, _ in draw.opened.values()]
    if opened and not _between(case, max(commits), min(opened)):
        text = f"record {min(opened)}: seed grinding: a seed was opened before witnesses had seen every commitment"
        yield Finding(FAIL, text, case.file_of(min(opened)))
    limits = [(draw.commits, "commit_by", "committed"), (draw.opened, "open_by", "opened")]
    for held, limit, done in limits:
        for party, (index, _) in held.items():
            what = f"the seed of {party}"
            late = list(_before_chance(case, draw, index, f"seed grinding: a seed {done} late", what))
            yield from late
            over = (case.witnessed_at(index) or 0) - draw.rules["draw"][limit] - draw.rules["grace"]
            if not late and over > 0:
                text = f"record {index}: {what} was {done} {over} s beyond {limit} and the grace"
                yield Finding(GAP, text, case.file_of(index))
    if draw.beacon is None:
        return
    for party in draw.rules["draw"]["parties"]:
        if party not in draw.opened:
            said = "committed to a seed and did not open it" if party in draw.commits else "put in no seed"
            yield Finding(GAP, f"draw {draw.draw}: {party} {said}, and is left out", case.file_of(draw.beacon[0]))
    yield Finding(PASS, f"draw {draw.draw}: {many(len(opened), 'seed')} bound, then opened, before chance spoke")


# ---- chance ----


def _beacon(case: Case, draw: DrawState, index: int) -> Iterator[Finding]:
    assert draw.beacon is not None
    record, rule = draw.beacon[1], draw.rules["draw"]["beacon"]
    if any(time + SKEW < _due(draw) for head in case.having(index) for time in head.times.values()):
        yield Finding(FAIL, f"record {index}: clock set back: the beacon was witnessed before it could exist", case.file_of(index))
    if record["kind"] == "drand":
        signed = bls.quicknet(bytes.fromhex(rule["public_key"]), record["round"], bytes.fromhex(record["signature"]))
        if not signed:
            text = f"record {index}: forged beacon: the signature of round {record['round']} is not the chain's"
            yield Finding(FAIL, text, case.file_of(index))
        else:
            yield Finding(PASS, f"draw {draw.draw}: round {record['round']} of drand is signed by its chain")
        return
    yield from _thrown(case, draw, index)
    if rule["kind"] == "drand":
        yield from _fallback(case, draw, index)


def _thrown(case: Case, draw: DrawState, index: int) -> Iterator[Finding]:
    """Dice were thrown after witnesses had the pool and every seed."""
    assert draw.frozen is not None
    last = max([draw.frozen[0], *(i for i, _ in draw.opened.values())])
    if not _between(case, last, index):
        text = f"record {index}: seed grinding: witnesses had not seen the pool and all seeds before the dice were thrown"
        yield Finding(FAIL, text, case.file_of(index))
    else:
        yield Finding(PASS, f"draw {draw.draw}: dice were thrown after witnesses had the pool and all seeds")


def _fallback(case: Case, draw: DrawState, index: int) -> Iterator[Finding]:
    """Dice instead of drand: only when the rule's waiting time is over, and never without a word."""
    if any(time + SKEW < _late(draw) for head in case.having(index) for time in head.times.values()):
        text = f"record {index}: withheld beacon: dice were thrown before the rule gives up on drand"
        yield Finding(FAIL, text, case.file_of(index))
        return
    number = draws.round_at(draw.rules)
    text = f"record {index}: dice instead of drand round {number}; anybody can look up whether that round was published"
    yield Finding(GAP, text, case.file_of(index))


# ---- prizes ----


def _claims(case: Case, draw: DrawState) -> Iterator[Finding]:
    held = [state for state, _ in draw.claims.values()]
    open_ = sum(state in {"notified", "claimed", "checked"} for state in held) + len(draw.due())
    given = held.count("handed_over")
    if open_:
        yield Finding(NOT_YET, f"draw {draw.draw}: {many(given, 'prize')} handed over, {open_} still on the way")
    elif held:
        yield Finding(PASS, f"draw {draw.draw}: {many(given, 'prize')} handed over, in the order drawn, alternates after winners")
