"""The token with which a partner's own programs report: 32 random bytes, of which the site keeps the hash."""

from __future__ import annotations

import hashlib
import secrets

from showground.reports.models import Partner


def token_hash(token: str) -> str:
    """Returns what the site keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def give_token(code: str, *, end: bool = False) -> str:
    """The partner has a fresh token, returned once, or none (`end`); the one before is void. LookupError for an unknown partner."""
    token = "" if end else secrets.token_urlsafe(32)
    if not Partner.objects.filter(code=code).update(api_sha256=token_hash(token) if token else None):
        raise LookupError(code)
    return token
