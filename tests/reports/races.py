"""What two tabs and two people can press at the same moment, pressed by six threads on a real database; run inside a site's shell.

`run()` prints a line of JSON: for each act how often each ending came, and under "wrong" what no order of the six could have left.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.db import connections
from django.db.models import Count

from showground.reports.actions import decide, hear, identity, keep, keys, link, refer, take_in, triage, withdraw
from showground.reports.actions.appeal import lodge
from showground.reports.models import Appeal, Case, Decision, Deletion, DeskKey, Holder, Identity, IdentityAccess, Referral, Report
from showground.reports.queries import answers
from showground.reports.queries.reading import by_officer
from showground.rules.refused import Refused
from tests.reports.office import LOG, NOW, Office, an_office, written

TABS = 6
SAID = {"en": "Looked at again.", "zh": "已重新审查。"}
Act = Callable[[], object]


def at_once(*acts: Act) -> dict[str, int]:
    """Returns how the acts ended, all begun at the same moment by threads of their own: "done", a code, or what broke."""
    ended: Counter[str] = Counter()
    gate, guard = threading.Barrier(TABS), threading.Lock()

    def press(act: Act) -> None:
        gate.wait()
        try:
            act()
            how = "done"
        except Refused as refused:
            how = refused.code
        except Exception as broken:  # what broke is what the drill is for
            how = f"{type(broken).__name__}: {broken}"
        finally:
            connections.close_all()
        with guard:
            ended[how] += 1

    threads = [threading.Thread(target=press, args=(acts[number % len(acts)],)) for number in range(TABS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(ended)


def run() -> None:
    """Prints what came of everything."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    office = an_office(Path(tempfile.mkdtemp(prefix="races-")), settings)
    told = {**_decisions(office), **_appeals(office), **_reporters(office), **_clusters(office), **_two_persons(office)}
    wrong = {name: count for name, count in _wrong().items() if count}
    print(json.dumps({"acts": told, "wrong": wrong}))


def _facts(office: Office, name: str = "ada") -> dict[str, Any]:
    return {"who": office.who(name), "at": NOW, "log": LOG}


def _decisions(office: Office) -> dict[str, dict[str, int]]:
    case, ada = office.case("One https://one.example/a"), _facts(office)
    told = {"propose": at_once(lambda: decide.propose(case, written("refer"), **ada))}
    readers = [_facts(office, name) for name in ("ben", "cyd")]
    told["confirm"] = at_once(*(partial(decide.confirm, case, **facts) for facts in readers))
    referral = Referral.objects.get(decision__case=case)
    told["read"] = at_once(*(partial(refer.read_referral, referral, **facts) for facts in readers))
    told["send"] = at_once(lambda: refer.send_referral(referral, week="sample", **ada))
    token = answers.token_of(referral)
    acted = {"words": "", "reference": "T-1", "at": NOW, "log": LOG}
    told["answer"] = at_once(lambda: refer.answer_referral(token, "acted", **acted))
    told["close"] = at_once(lambda: triage.close(case, by=office.people["ada"], at=NOW, log=LOG))
    told["reopen"] = at_once(lambda: triage.reopen(case, "relapse", by=office.people["ada"], at=NOW, log=LOG))
    return told


def _appeals(office: Office) -> dict[str, dict[str, int]]:
    case = office.case("Two https://two.example/a")
    told = {"decide": at_once(lambda: decide.propose(case, written("unfounded"), **_facts(office)))}
    held = by_officer(case.reports.get(), office.who())
    told["lodge"] = at_once(lambda: lodge(held, "It is a fraud.", at=NOW, log=LOG))
    appeal, ben, cyd = Appeal.objects.get(decision__case=case), _facts(office, "ben"), _facts(office, "cyd")
    told["hear"] = at_once(lambda: hear.take(appeal, **ben), lambda: hear.take(appeal, **cyd))
    appeal.refresh_from_db()
    mine = ben if appeal.handler_id == office.people["ben"].pk else cyd
    told["decide appeal"] = at_once(lambda: hear.decide_appeal(appeal, "reversed", SAID, instead="insufficient", **mine))
    return told


def _reporters(office: Office) -> dict[str, dict[str, int]]:
    held = by_officer(office.case("Three https://three.example/a").reports.get(), office.who())
    told = {"erase": at_once(lambda: withdraw.erase(held, at=NOW, log=LOG))}
    return {**told, "withdraw": at_once(lambda: withdraw.withdraw(held, at=NOW, log=LOG))}


def _clusters(office: Office) -> dict[str, dict[str, int]]:
    one, two = office.case("Four https://four.example/a"), office.case("Five https://five.example/b")
    into = {"by": office.people["ada"], "at": NOW, "log": LOG}
    told = {"merge": at_once(lambda: link.merge(one, two, **into))}
    three = office.case("Six https://six.example/c")
    told["merge both ways"] = at_once(lambda: link.merge(two, three, **into), lambda: link.merge(three, two, **into))
    for number in range(3):
        office.file(f"Again https://seven.example/d{number}")
    officers = [_facts(office, name) for name in ("ada", "ben", "cyd")]
    told["take in"] = at_once(*(partial(take_in.take_in, seconds=60, **facts) for facts in officers))
    return told


def _two_persons(office: Office) -> dict[str, dict[str, int]]:
    report = office.case("Eight https://eight.example/e", identity={"name": "Lin Example"}).reports.get()
    people = office.people
    told = {"ask deletion": at_once(lambda: keep.ask_deletion(report, "law", by=people["ada"], at=NOW, log=LOG))}
    asked = Deletion.objects.get(report=report.pk)
    told["agree to it"] = at_once(
        *(lambda by=people[name]: keep.agree_deletion(asked, by=by, at=NOW, log=LOG) for name in ("ben", "cyd"))
    )
    sealed = Identity.objects.get(report=report)
    custodian, approver = _facts(office, "custodian"), _facts(office, "approver")
    told["ask identity"] = at_once(lambda: identity.ask(sealed, "court_order", "Because.", **custodian))
    access = IdentityAccess.objects.filter(identity=sealed).first()
    assert access is not None
    told["agree to opening"] = at_once(lambda: identity.answer(access, True, **approver))
    told["open identity"] = at_once(lambda: identity.open_identity(access, **custodian))
    person = type(people["ada"]).objects.create(email="races@desk.example")
    made = [lambda duty=duty: keys.make_key(person, duty, "a long passphrase", at=NOW) for duty in ("custodian", "approver")]
    told["make keys"] = at_once(*made)
    DeskKey.objects.update(retired_at=NOW)
    return {
        **told,
        "open desk": at_once(*(partial(keys.open_desk, office.holders[name], at=NOW) for name in ("ada", "ben", "cyd"))),
    }


def _wrong() -> dict[str, int]:
    """What must not be, whatever the order."""
    standing = Decision.objects.filter(replaced_by=None).values("case").annotate(count=Count("pk")).filter(count__gt=1)
    closed = Case.objects.filter(state=Case.State.CLOSED, decisions=None)
    return {
        "two decisions that hold": standing.count(),
        "decided case without a decision": Case.objects.filter(state=Case.State.DECIDED, decisions=None).count(),
        "living report in a closed case": Report.objects.filter(case__in=closed, state="clustered").count(),
        "report without a case": Report.objects.filter(case=None).count(),
        "two questions for one identity": max(0, IdentityAccess.objects.count() - 1),
        "letters too many": max(0, len(mail.outbox) - 1),
        "two keys of one desk": max(0, DeskKey.objects.filter(retired_at=None).count() - 1),
        "two keys of one person": max(0, Holder.objects.filter(person__email="races@desk.example").count() - 1),
    }
