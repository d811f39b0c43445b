"""Back of house."""

from django.urls import path

from showground.backstage import staff

app_name = "backstage"
urlpatterns = [
    path("desk/", staff.desk, name="desk"),
    path("desk/today/", staff.today, name="today"),
    path("desk/freeze/", staff.freeze, name="freeze"),
    path("desk/open/", staff.open_the_vote, name="open"),
    path("desk/declare/", staff.declare, name="declare"),
    path("desk/panel/", staff.panel, name="panel"),
    path("desk/panel/<int:number>/unopened/", staff.give_up, name="give_up"),
    path("notary/", staff.notary, name="notary"),
]
