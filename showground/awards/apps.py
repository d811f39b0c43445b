from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "showground.awards"
    default_auto_field = "django.db.models.BigAutoField"
