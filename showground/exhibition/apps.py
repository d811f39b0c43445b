from django.apps import AppConfig


class ExhibitionConfig(AppConfig):
    name = "showground.exhibition"
    default_auto_field = "django.db.models.BigAutoField"
