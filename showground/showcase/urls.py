"""Front of house."""

from django.urls import path

from showground.showcase import views

app_name = "showcase"
urlpatterns = [
    path("", views.home, name="home"),
    path("works/", views.gallery, name="gallery"),
    path("works/<slug:code>/", views.work, name="work"),
    path("call/", views.call, name="call"),
    path("result/", views.result, name="result"),
    path("check/", views.check, name="check"),
]
