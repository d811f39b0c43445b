"""The states of cases and reports, and which may follow which. RULE reports 3.3."""

from __future__ import annotations

from typing import Final

from showground.reports.models import Case, Decision, Report
from showground.rules.refused import Refused

C, O = Case.State, Decision.Outcome  # noqa: E741
CASE_STEPS: Final[dict[str, frozenset[str]]] = {
    C.NEW: frozenset({C.TRIAGED, C.CLOSED}),
    C.TRIAGED: frozenset({C.ASSESSING, C.CLOSED, C.NEW}),
    C.ASSESSING: frozenset({C.AWAITING_REPORTER, C.DECIDED, C.CLOSED, C.TRIAGED, C.NEW}),
    C.AWAITING_REPORTER: frozenset({C.ASSESSING, C.CLOSED, C.NEW}),
    C.DECIDED: frozenset({C.CLOSED, C.ASSESSING}),
    C.CLOSED: frozenset({C.ASSESSING, C.NEW}),
}
OPEN: Final = (C.NEW, C.TRIAGED, C.ASSESSING, C.AWAITING_REPORTER)
LIVE_REPORTS: Final = (Report.State.SCREENED, Report.State.CLUSTERED)

# What acts on somebody needs a second reader; what tells others to act needs a law as well. RULE reports 3.9.
ACTS: Final = frozenset({O.REFER, O.WARN_PUBLIC, O.ACT_HERE})
NEEDS_LAW: Final = frozenset({O.REFER, O.ACT_HERE})
LAWFUL: Final = ("opinion", "satire", "reporting", "public_interest", "public_figure")


def check_step(case: Case, to: str) -> None:
    """Refuses (`case.step`) a state that may not follow the case's own."""
    if to not in CASE_STEPS[case.state]:
        raise Refused("case.step", now=case.state, to=to)
