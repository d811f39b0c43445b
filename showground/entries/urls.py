"""The entrant's desk and screening."""

from django.urls import path

from showground.entries import staff, views

app_name = "entries"
urlpatterns = [
    path("enter/", views.desk, name="desk"),
    path("enter/new/", views.register, name="register"),
    path("enter/<slug:code>/", views.entry, name="entry"),
    path("enter/<slug:code>/upload/", views.upload, name="upload"),
    path("enter/<slug:code>/pieces/", views.start_upload, name="start_upload"),
    path("enter/<slug:code>/submit/", views.submit, name="submit"),
    path("enter/<slug:code>/withdraw/", views.withdraw, name="withdraw"),
    path("enter/<slug:code>/erase/", views.erase, name="erase"),
    path("screening/", staff.screening, name="screening"),
    path("screening/<slug:code>/", staff.screening, name="screen"),
    path("screening/<slug:code>/admit/", staff.admit, name="admit"),
    path("screening/<slug:code>/return/", staff.send_back, name="return"),
]
