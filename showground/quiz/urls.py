"""Quizzes, draws and the bank."""

from __future__ import annotations

from django.urls import URLPattern, path

from showground.quiz.staff import bank, compose, exchange, figures
from showground.quiz.staff import draws as desk_draws
from showground.quiz.staff import host as desk_host
from showground.quiz.views import draws, join, sittings

app_name = "quiz"

visitors: list[URLPattern] = [
    path("quiz/", sittings.quizzes, name="quizzes"),
    path("quiz/<slug:code>/", sittings.start, name="start"),
    path("quiz/<slug:code>/begin/", sittings.begin, name="begin"),
    path("quiz/<slug:code>/<int:number>/", sittings.item, name="item"),
    path("quiz/<slug:code>/send/", sittings.send, name="send"),
    path("quiz/<slug:code>/done/", sittings.done, name="done"),
    path("quiz/<slug:code>/receipt/", sittings.show_receipt, name="receipt"),
    path("quiz/<slug:code>/receipt/file", sittings.receipt_file, name="receipt_file"),
    path("quiz/<slug:code>/appeal/", sittings.appeal, name="appeal"),
    path("draw/<slug:code>/", draws.show, name="draw"),
    path("draw/<slug:code>/tickets.txt", draws.pool, name="pool"),
    path("draw/<slug:code>/check/", draws.check, name="check"),
    path("draw/<slug:code>/claim/", draws.claim, name="claim"),
    path("join/", join.join, name="join"),
    path("join/<slug:code>/", join.play, name="play"),
]
# Addresses without a language: the short one on posters, and the door for the notary's seed.
bare: list[URLPattern] = [
    path("q/<slug:code>", sittings.short, name="quiz_short"),
    path("notary/seeds/<slug:week>", draws.take_seed, name="take_seed"),
    path("join", join.short, name="join"),
    path("join/", join.short),
    path("join/<slug:code>", join.short, name="join_code"),
    path("join/<slug:code>/state", join.state, name="join_state"),
]
desk: list[URLPattern] = [
    path("bank/", bank.bank, name="bank"),
    path("bank/new/", bank.new, name="new"),
    path("bank/begin/", bank.start, name="begin_question"),
    path("bank/files/", exchange.exchange, name="exchange"),
    path("bank/files/export/", exchange.export, name="export"),
    path("bank/files/<slug:token>/", exchange.brought, name="brought"),
    path("bank/q/<str:code>/", bank.question, name="question"),
    path("bank/q/<str:code>/ask/", bank.ask, name="ask"),
    path("bank/q/<str:code>/take-back/", bank.take_back, name="take_back"),
    path("bank/q/<str:code>/read/", bank.read, name="read"),
    path("bank/q/<str:code>/retire/", bank.retire, name="retire"),
    path("bank/q/<str:code>/compare/", bank.compare, name="compare"),
    path("bank/q/<str:code>/preview/", bank.preview, name="preview"),
    path("bank/q/<str:code>/figures/", figures.question_figures, name="question_figures"),
    path("desk/quizzes/", compose.quizzes, name="desk"),
    path("desk/quizzes/new/", compose.new, name="new_quiz"),
    path("desk/quizzes/<slug:code>/", compose.compose, name="compose"),
    path("desk/quizzes/<slug:code>/edit/", compose.edit, name="edit_quiz"),
    path("desk/quizzes/<slug:code>/pool/", compose.pool, name="pool_of"),
    path("desk/quizzes/<slug:code>/rules/", compose.rules, name="rules_of"),
    path("desk/quizzes/<slug:code>/announce/", compose.announce, name="announce"),
    path("desk/quizzes/<slug:code>/series/", compose.series, name="series"),
    path("desk/quizzes/<slug:code>/drop/", compose.drop, name="drop"),
    path("desk/quizzes/<slug:code>/vouchers/", compose.vouchers, name="vouchers"),
    path("desk/quizzes/<slug:code>/figures/", figures.quiz_figures, name="quiz_figures"),
    path("desk/quizzes/<slug:code>/open.csv", figures.open_csv, name="open_csv"),
    path("desk/quizzes/<slug:code>/usage-data.xml", figures.usage, name="usage"),
    path("desk/quizzes/<slug:code>/host/", desk_host.begin, name="begin_round"),
    path("desk/hosting/", desk_host.hosting, name="hosting"),
    path("desk/hosting/<slug:code>/", desk_host.host, name="host"),
    path("desk/hosting/<slug:code>/state", desk_host.state, name="host_state"),
    path("desk/flags/", desk_draws.flags, name="flags"),
    path("desk/flags/<int:number>/", desk_draws.decide, name="decide"),
    path("desk/draws/<slug:code>/", desk_draws.draw, name="desk_draw"),
    path("desk/draws/<slug:code>/throws/", desk_draws.throw, name="throw"),
    path("desk/draws/<slug:code>/beacon/", desk_draws.beacon, name="take_beacon"),
    path("desk/draws/<slug:code>/notify/", desk_draws.notify, name="notify"),
    path("desk/draws/<slug:code>/claims/<int:number>/", desk_draws.settle, name="settle"),
]
urlpatterns = [*visitors, *desk]
