from django.apps import AppConfig


class VotingConfig(AppConfig):
    name = "showground.voting"
    default_auto_field = "django.db.models.BigAutoField"
