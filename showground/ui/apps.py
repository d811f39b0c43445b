"""The ground of every page: frame, components, letters. No tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "showground.ui"
    label = "ui"
