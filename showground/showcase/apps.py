from django.apps import AppConfig


class ShowcaseConfig(AppConfig):
    name = "showground.showcase"
    default_auto_field = "django.db.models.BigAutoField"
