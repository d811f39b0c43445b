from django.apps import AppConfig


class WeeksConfig(AppConfig):
    name = "showground.weeks"
    default_auto_field = "django.db.models.BigAutoField"
