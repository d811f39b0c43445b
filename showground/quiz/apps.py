from django.apps import AppConfig


class QuizConfig(AppConfig):
    name = "showground.quiz"
    default_auto_field = "django.db.models.BigAutoField"
