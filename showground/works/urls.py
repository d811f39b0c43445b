"""Pieces of an upload (pages about works belong to entries and showcase)."""

from django.urls import path

from showground.works import views

app_name = "works"
urlpatterns = [path("<slug:code>/", views.receive_piece, name="piece")]
