"""Quizzes, draws and the bank."""

from __future__ import annotations

from django.urls import URLPattern, path

from showground.quiz import staff, views

app_name = "quiz"

visitors: list[URLPattern] = [
    path("quiz/", views.quizzes, name="quizzes"),
]
desk: list[URLPattern] = [
    path("bank/", staff.bank, name="bank"),
]
urlpatterns = [*visitors, *desk]
