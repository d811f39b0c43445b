"""The report desk: for those who report, for officers, for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from showground.reports.views import doors, hand, look, report

app_name = "reports"

visitors: list[URLPattern] = [
    path("report/", report.start, name="report"),
    path("report/send/", report.send, name="send"),
    path("report/code/", report.code, name="code"),
    path("report/code/note.txt", report.note_file, name="note_file"),
    path("report/advice/", report.advice, name="advice"),
    path("report/leave/", report.leave, name="leave"),
    path("report/look/", look.look, name="look"),
    path("report/look/say/", look.say, name="say"),
    path("report/look/contact/", look.contact, name="contact"),
    path("report/look/withdraw/", look.withdraw, name="withdraw"),
    path("report/look/erase/", look.erase, name="erase"),
    path("report/look/appeal/", look.appeal, name="appeal"),
    path("report/look/proof/", look.proof, name="proof"),
    path("report/look/copy/", look.copy, name="copy"),
    path("report/look/close/", look.close, name="close"),
    path("report/app.webmanifest", doors.manifest, name="manifest"),
    path("report/share/", doors.share, name="share"),
    path("report/kiosk/<str:token>/", doors.kiosk, name="kiosk"),
    path("report/api/", doors.api, name="api"),
    path("reports/by-hand/", hand.by_hand, name="by_hand"),
]
desk: list[URLPattern] = []
everybody: list[URLPattern] = []
urlpatterns = [*visitors, *desk, *everybody]
