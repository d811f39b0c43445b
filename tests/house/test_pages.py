"""Every address of the site, walked from the URL map: its headers, its methods, and who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.sample_week import Sample, a_week

ARGS: dict[str, Any] = {
    "week": "sample",
    "code": "abcdef",
    "index": 1,
    "number": 1,
    "name": "0" * 64 + ".webp",
    "path": "checkpoint",
    "hash32": "a" * 32,
    "token": "0" * 32,
    "upload": "0" * 12,
    "day": "2026-09-30",
    "part": "1",
    "lang": "en",
    "board": "b1",
    "stand": 1,
}
ROLES = ("nobody", "entrant", "screener", "juror", "notary", "author", "officer", "custodian", "approver", "curator", "organiser")
# Who gets past the guard of a working page; everything else is public or asks only for an account.
DUTIES = {"screener", "juror", "notary", "author", "officer", "custodian", "approver", "curator", "organiser"}


def addresses() -> Iterator[tuple[str, str, Any]]:
    """Yields (name, path, view) of every address in the URL map."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, space)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield prefix + pattern.name, pattern

    for name, pattern in walk(get_resolver().url_patterns, ""):
        wanted = {key: ARGS[key] for key in pattern.pattern.converters}
        resolver_args = {"week": ARGS["week"], **wanted} if _needs_week(name, wanted) else wanted
        yield name, reverse(name, kwargs=resolver_args), pattern.callback


def _needs_week(name: str, wanted: dict[str, Any]) -> bool:
    return ":" in name and not name.startswith(("works:", "showcase_front:"))


ALL = list(addresses())


@pytest.fixture(scope="module")
def week(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sample]:
    """One week for all addresses; what a test does to it is undone with the test, since its own transaction lies within this one."""
    outer = transaction.atomic()
    with django_db_blocker.unblock():
        outer.__enter__()
        made = a_week()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def signed_in(week: Sample, django_db_blocker: Any) -> dict[str, str]:
    """The cookie of everybody who has an account."""
    cookies = {}
    with django_db_blocker.unblock():
        for role, person in week.people.items():
            client = Client()
            client.force_login(person)
            cookies[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return cookies


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, p, _ in ALL])
@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(week: Sample, name: str, path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code < 500, (name, method)
        if answer.status_code == 304:
            continue
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy and "http:" not in policy.replace(f".{settings.H5_DOMAIN}", "")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("name", "path", "view"), ALL, ids=[n for n, _, _ in ALL])
@pytest.mark.django_db
def test_every_working_page_is_shut_to_all_but_its_duty(signed_in: dict[str, str], name: str, path: str, view: Any) -> None:
    needed = set(getattr(view, "duties", ()))
    for role in ROLES:
        client = Client()
        if role != "nobody":
            client.cookies[settings.SESSION_COOKIE_NAME] = signed_in[role]
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            shut = answer.status_code == 403 or (answer.status_code == 302 and "/sign-in/" in answer["Location"])
            if needed == {"signed-in"}:
                assert shut == (role == "nobody"), (name, role, method, answer.status_code)
            elif needed:
                assert shut == (role not in needed), (name, role, method, answer.status_code)
            elif name not in {"works:piece", "people:sign_in_code"}:
                assert not shut or "-/" in path or role == "nobody", (name, role, method, answer.status_code)


def test_forms_need_their_token() -> None:
    """Every address that takes a POST refuses one without the token, but for those where the content proves itself, and the forms
    of quizzes, which set no cookie and ask where they stood instead."""
    free = {"take_openings", "take_statement", "take_seed"}
    exempt = {name for name, _, view in ALL if getattr(view, "csrf_exempt", False) and not name.startswith("reports:")}
    asked = {name for name, _, view in ALL if getattr(view, "checks_origin", False)}
    assert exempt - asked == free


@pytest.mark.django_db
def test_forms_without_a_token_are_taken_from_pages_of_this_site_only(week: Sample) -> None:
    for name, path, view in ALL:
        if name.startswith("quiz:") and getattr(view, "checks_origin", False):
            for headers in (
                {},
                {"HTTP_ORIGIN": "https://evil.example"},
                {"HTTP_ORIGIN": "null"},
                {"HTTP_REFERER": "https://evil.example/"},
            ):
                assert Client(**headers).post(path).status_code == 422, path


def test_the_map_is_not_empty() -> None:
    assert len(ALL) > 35
    assert {duty for _, _, view in ALL for duty in getattr(view, "duties", ())} == DUTIES | {"signed-in"}
