"""Halls, boards, what people leave there, and the curator's desk."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "exhibition"

visitors: list[URLPattern] = []
desk: list[URLPattern] = []
urlpatterns = [*visitors, *desk]
