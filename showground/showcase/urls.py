"""Front of house."""

from django.urls import path

from showground.showcase.views import entrance, result, works

app_name = "showcase"
urlpatterns = [
    path("", entrance.home, name="home"),
    path("works/", works.gallery, name="gallery"),
    path("works/<slug:code>/", works.work, name="work"),
    path("call/", entrance.call, name="call"),
    path("result/", result.result, name="result"),
    path("check/", result.check, name="check"),
]
