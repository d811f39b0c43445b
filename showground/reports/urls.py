"""The report desk: for those who report, for officers, for everybody."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "reports"

visitors: list[URLPattern] = []
desk: list[URLPattern] = []
everybody: list[URLPattern] = []
urlpatterns = [*visitors, *desk, *everybody]
