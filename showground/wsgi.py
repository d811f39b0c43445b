"""Front door: /cast goes to the door's socket, a sandbox host to sandbox/, everything else to Django."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "showground.settings")  # noqa: TID251

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from showground.intake.client import cast_gateway
from showground.sandbox.app import application as sandbox_for

django_application = get_wsgi_application()
cast = cast_gateway(settings.DOOR_PUBLIC)
sandbox = sandbox_for(settings.H5_STORE, settings.SITE_URL, settings.H5_DOMAIN)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers one request, by whoever it is for."""
    host = environ.get("HTTP_HOST", "").split(":")[0].lower()
    if host == settings.H5_DOMAIN or host.endswith("." + settings.H5_DOMAIN):
        return sandbox(environ, start_response)
    if environ.get("PATH_INFO") == "/cast":
        return cast(environ, start_response)
    answer: Iterable[bytes] = django_application(environ, start_response)
    return answer
