"""Pages of the ground alone: no database, no week, static files as they lie."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plain_site(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ]
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.CLOCK = lambda: 1789913400
    return settings
