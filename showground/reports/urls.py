"""The report desk: for those who report, for officers, for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from showground.reports.staff import booths, case, decide, files, hands, identity, intake, many, notices, queue, shift
from showground.reports.views import affected, cards, channels, doors, figures, hand, look, partner, report

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
    path("report/look/name/", look.name, name="leave_name"),
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
desk: list[URLPattern] = [
    path("reports/", queue.show, name="queue"),
    path("reports/take-in/", intake.take, name="take_in"),
    path("reports/take-in/go-on/", intake.go_on, name="go_on"),
    path("reports/find/", queue.find, name="find"),
    path("reports/next/", queue.go_next, name="next_case"),
    path("reports/many/", many.many, name="many"),
    path("reports/take-back/", many.take_back, name="take_back"),
    path("reports/case/<str:code>/", case.show, name="case"),
    path("reports/case/<str:code>/file/<int:index>/", files.fetch, name="fetch"),
    path("reports/case/<str:code>/picture/<int:index>/<int:number>.png", case.picture, name="picture"),
    path("reports/case/<str:code>/assign/", hands.assign, name="assign"),
    path("reports/case/<str:code>/begin/", hands.begin, name="begin"),
    path("reports/case/<str:code>/recuse/", hands.step_aside, name="recuse"),
    path("reports/case/<str:code>/say/", hands.say, name="case_say"),
    path("reports/case/<str:code>/note/", hands.jot, name="case_note"),
    path("reports/case/<str:code>/links/", hands.links, name="links"),
    path("reports/case/<str:code>/more-time/", hands.more_time, name="more_time"),
    path("reports/case/<str:code>/know/", hands.know, name="know"),
    path("reports/case/<str:code>/end/", hands.end, name="end_case"),
    path("reports/case/<str:code>/destroy/", hands.destroy, name="destroy"),
    path("reports/case/<str:code>/decision/", decide.write, name="decide"),
    path("reports/case/<str:code>/second/", decide.second, name="second"),
    path("reports/case/<str:code>/card/", notices.write_card, name="write_card"),
    path("reports/notices/<int:number>/", notices.notice, name="staff_notice"),
    path("reports/cards/", notices.every_card, name="staff_cards"),
    path("reports/appeals/", decide.appeals, name="appeals"),
    path("reports/appeals/<int:number>/", decide.appeal, name="appeal_case"),
    path("reports/deletions/", decide.deletions, name="deletions"),
    path("reports/identities/", identity.identities, name="identities"),
    path("reports/identities/ask/", identity.ask, name="ask_identity"),
    path("reports/identities/<int:number>/answer/", identity.answer, name="answer_identity"),
    path("reports/identities/<int:number>/read/", identity.read, name="read_identity"),
    path("reports/booths/", booths.booths, name="booths"),
    path("reports/booths/<int:number>/end/", booths.end, name="end_booth"),
    path("reports/shift/", shift.shift, name="shift"),
    path("reports/shift/key/", shift.make, name="make_key"),
    path("reports/shift/start/", shift.start, name="start_shift"),
    path("reports/shift/awake/", shift.awake, name="awake"),
    path("reports/shift/end/", shift.end, name="end_shift"),
    path("reports/shift/<int:number>/admit/", shift.admit, name="admit"),
    path("reports/shift/<int:number>/revoke/", shift.revoke, name="revoke"),
    path("reports/shift/<int:number>/share/", shift.share, name="share_halves"),
]
everybody: list[URLPattern] = [
    path("figures/", figures.newest, name="figures"),
    path("figures/<str:day>/", figures.period, name="figures_of"),
    path("figures/<str:day>/figures.json", figures.as_json, name="figures_json"),
    path("figures/<str:day>/figures.csv", figures.as_csv, name="figures_csv"),
    path("figures/<str:day>/statements.json", figures.as_statements, name="statements"),
    path("figures/<str:day>/annex-<str:part>.csv", figures.as_annex, name="annex"),
    path("channels/", channels.directory, name="channels"),
    path("channels/channels.jsonld", channels.structured, name="channels_data"),
    path("cards/", cards.every, name="cards"),
    path("cards/cards.json", cards.feed, name="cards_feed"),
    path("cards/<slug:code>/", cards.one, name="card"),
    path("partner/<slug:token>/", partner.answer, name="answer"),
    path("notice/<slug:code>/", affected.notice, name="notice"),
]
urlpatterns = [*visitors, *desk, *everybody]
