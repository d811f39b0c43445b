"""The juror's desk."""

from django.urls import path

from showground.jury import views

app_name = "jury"
urlpatterns = [
    path("jury/", views.desk, name="desk"),
    path("jury/key/", views.declare_key, name="key"),
    path("jury/draft/", views.keep_draft, name="draft"),
    path("jury/seal/", views.seal, name="seal"),
]
