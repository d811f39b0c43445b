"""The site map: one include per room. Pages of a week lie under /<language>/<week>/."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from showground.exhibition.urls import bare as exhibition_addresses
from showground.jury import views as jury
from showground.quiz.urls import bare as quiz_addresses
from showground.showcase.views import entrance, files
from showground.showcase.views import works as showcase_works
from showground.works import views as works

handler400 = handler404 = "showground.showcase.views.lost.not_found"
handler403 = "showground.showcase.views.lost.forbidden"
handler500 = "showground.showcase.views.lost.broken"

rooms = [
    path("", include("showground.people.urls")),
    path("", include("showground.entries.urls")),
    path("", include("showground.voting.urls")),
    path("", include("showground.jury.urls")),
    path("", include("showground.quiz.urls")),
    path("", include("showground.exhibition.urls")),
    path("", include("showground.reports.urls")),
    path("", include("showground.backstage.urls")),
    path("", include("showground.showcase.urls")),
]

urlpatterns = [
    path("media/<str:name>", works.media),
    path("pieces/", include("showground.works.urls")),
    path("log/<slug:week>/bundle.zip", files.bundle, name="bundle"),
    path("log/<slug:week>/<path:path>", files.log_file, name="log_file"),
    path("showground-verify.pyz", files.verifier, name="verifier"),
    path("jury/openings/<slug:week>", jury.take_openings, name="take_openings"),
    path("notary/statements/<slug:week>", jury.take_statement, name="take_statement"),
    path("h5/<slug:hash32>", showcase_works.h5_door, name="h5_door"),
    *quiz_addresses,
    *exhibition_addresses,
]
urlpatterns += i18n_patterns(
    path("", include(([path("", entrance.front, name="front")], "showcase_front"))),
    path("<slug:week>/", include(rooms)),
)
if settings.DEBUG or settings.REHEARSAL:
    from showground.ui import pages

    urlpatterns += i18n_patterns(path("-/specimen/", pages.specimen, name="specimen"))
