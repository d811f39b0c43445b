"""What a process of the site remembers from one request to the next, forgotten before each test.

Rows have the same numbers in every test and folders have others: what one test left here would be another test's wrong answer, and
which test came before is each machine's own affair.
"""

from __future__ import annotations

import sys

FORGOTTEN = {  # module: what it holds there
    "exhibition.actions.visits": ("_waiting", "_written", "_since"),
    "exhibition.queries.search": ("_index",),
    "ledger.queries": ("_kept", "door"),
    "quiz.queries.figures": ("_kept",),
    "quiz.views.sittings": ("_drawn",),
    "reports.actions.hold": ("_used", "buckets"),
    "reports.jobs": ("_last",),
    "reports.views.report": ("_pages",),
    "voting.queries": ("_fates",),
}


def forget() -> None:
    """Every module that is loaded remembers what it does when its process begins: nothing."""
    for module, names in FORGOTTEN.items():
        loaded = sys.modules.get(f"showground.{module}")
        for name in names if loaded else ():
            held = getattr(loaded, name)
            if hasattr(held, "cache_clear"):
                held.cache_clear()
            elif isinstance(held, list):
                held[:] = [0] * len(held)
            else:
                (held if hasattr(held, "clear") else held.full_at).clear()
