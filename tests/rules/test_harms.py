"""The desk's list is closed: nine harms, none of them an opinion, and no way to get one in."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from showground.rules.harms import BY_CODE, EXCLUDED, HARMS


def test_there_are_nine_harms_and_none_is_speech() -> None:
    assert len(HARMS) == len(BY_CODE) == 9
    for harm in HARMS:
        assert not EXCLUDED & {harm.dsa, *harm.keywords}, harm.code


def test_a_harm_cannot_be_changed_or_added_while_the_site_runs() -> None:
    with pytest.raises(AttributeError):
        HARMS[0].dsa = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        HARMS.append(HARMS[0])  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["hate_speech", "defamation", "rumour", "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", ""])
def test_the_database_itself_refuses_another_harm(code: str) -> None:
    from showground.reports.models import Case, Report

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(number="R1", category=code, language="en", received_at=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(number="C1", category=code, opened_at=1)
