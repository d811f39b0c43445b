"""Halls, boards, what people leave there, and the curator's desk."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from showground.exhibition.staff import desk as curator
from showground.exhibition.staff import editor, handouts, programme, recordings, words
from showground.exhibition.staff import visits as desk_visits
from showground.exhibition.views import keep, kiosk, leave, programs, rooms, take, tiles, visits

app_name = "exhibition"

visitors: list[URLPattern] = [
    path("halls/", rooms.halls, name="halls"),
    path("halls/<slug:code>/", rooms.hall, name="hall"),
    path("halls/<slug:code>/catalogue.pdf", rooms.catalogue, name="catalogue"),
    path("halls/<slug:code>/guest-book/", leave.say, name="say"),
    path("boards/", rooms.find, name="find"),
    path("boards/<slug:code>/", rooms.board, name="board"),
    path("boards/<slug:code>/history/", rooms.history, name="history"),
    path("boards/<slug:code>/text/<int:number>.json", rooms.text, name="text"),
    path("boards/<slug:code>/board.pdf", rooms.pdf, name="pdf"),
    path("boards/<slug:code>/quiz/", rooms.to_quiz, name="to_quiz"),
    path("boards/<slug:code>/report/", rooms.to_report, name="to_report"),
    path("halls/<slug:code>/kiosk/", kiosk.entry, name="kiosk_entry"),
    path("kiosk/<slug:code>/<int:stand>/", kiosk.start, name="kiosk"),
    path("kiosk/<slug:code>/<int:stand>/hall/", kiosk.hall, name="kiosk_hall"),
    path("kiosk/<slug:code>/<int:stand>/guest-book/", kiosk.write, name="kiosk_write"),
    path("kiosk/<slug:code>/<int:stand>/<slug:board>/", kiosk.board, name="kiosk_board"),
    path("boards/<slug:code>/play/<int:number>/", take.play, name="play"),
    path("boards/<slug:code>/captions/<int:number>/<slug:part>.vtt", take.captions, name="captions"),
    path("halls/<slug:code>/hand-outs/", take.handouts, name="handouts"),
    path("halls/<slug:code>/hand-outs/<slug:part>/", take.handout, name="handout"),
    path("visits/", visits.visits, name="open_visits"),
    path("visits/visits.csv", visits.as_csv, name="open_visits_csv"),
    path("visits/visits.json", visits.as_json, name="open_visits_json"),
    path("programme/", leave.programme, name="programme"),
    path("programme.ics", leave.calendar, name="calendar"),
]
# Addresses without a language: what other programs ask for, and the short one on walls: "b" and a number is nothing else here.
bare: list[URLPattern] = [
    path("iiif/<slug:code>/manifest.json", programs.manifest, name="iiif_manifest"),
    path("iiif/<slug:code>/board.json", programs.document, name="iiif_document"),
    path("iiif/<slug:code>/tiles/<path:path>", tiles.tile, name="iiif_tile"),
    path("iiif/<slug:code>/canvas/1/<path:name>", programs.annotation_page, name="iiif_annotations"),
    path("iiif/halls/<slug:week>/<slug:code>/collection.json", programs.collection, name="iiif_collection"),
    path("oembed/board", programs.oembed, name="oembed"),
    path("embed/<slug:lang>/<slug:code>", programs.card, name="card"),
    path("kept/<slug:week>/<slug:code>/list.json", keep.listed, name="kept_list"),
    path("kept/<slug:week>/<slug:code>/worker.js", keep.worker, name="kept_worker"),
    path("kept/<slug:week>/<slug:code>/away/", keep.away, name="kept_away"),
    path("kept/<slug:week>/<slug:code>/<slug:lang>.webmanifest", keep.manifest, name="kept_manifest"),
    path("kept/<slug:week>/<slug:code>/<slug:lang>/", keep.hall, name="kept_hall"),
    path("kept/<slug:week>/<slug:code>/<slug:lang>/<slug:board>/", keep.board, name="kept_board"),
    re_path(r"^(?P<code>b[1-9][0-9]{0,6})$", rooms.short),
]
desk: list[URLPattern] = [
    path("desk/halls/", curator.halls, name="desk"),
    path("desk/halls/new/", curator.new, name="new_hall"),
    path("desk/halls/<slug:code>/", curator.hall, name="desk_hall"),
    path("desk/halls/<slug:code>/edit/", curator.change, name="edit_hall"),
    path("desk/halls/<slug:code>/bring/", curator.bring, name="bring"),
    path("desk/halls/<slug:code>/signs.pdf", curator.signs, name="signs"),
    path("desk/halls/<slug:code>/hand-outs/", handouts.handouts, name="desk_handouts"),
    path("desk/halls/<slug:code>/hand-outs/new/", handouts.new, name="new_handout"),
    path("desk/halls/<slug:code>/hand-outs/<slug:part>/", handouts.handout, name="desk_handout"),
    path("desk/halls/<slug:code>/hand-outs/<slug:part>/file/", handouts.file, name="handout_file"),
    path("desk/halls/<slug:code>/hand-outs/<slug:part>/start/", handouts.start, name="handout_start"),
    path("desk/halls/<slug:code>/hand-outs/<slug:part>/piece/<slug:upload>/", handouts.piece, name="handout_piece"),
    path("desk/halls/<slug:code>/hand-outs/<slug:part>/drop/", handouts.drop, name="drop_handout"),
    path("desk/programme/", programme.programme, name="desk_programme"),
    path("desk/programme/new/", programme.new, name="new_event"),
    path("desk/programme/<int:number>/", programme.event, name="event"),
    path("desk/programme/<int:number>/cancel/", programme.cancel, name="cancel_event"),
    path("desk/guest-book/", curator.notes, name="notes"),
    path("desk/guest-book/<int:number>/", curator.decide, name="decide_note"),
    path("desk/visits/", desk_visits.visits, name="visits"),
    path("desk/visits/open.csv", desk_visits.open_csv, name="visits_csv"),
    path("desk/visits/tell/", desk_visits.tell, name="tell_visits"),
    path("desk/boards/<slug:code>/", editor.board, name="edit"),
    path("desk/boards/<slug:code>/whole/", words.whole, name="edit_whole"),
    path("desk/boards/<slug:code>/block/", editor.block, name="edit_block"),
    path("desk/boards/<slug:code>/move/", editor.move, name="move_block"),
    path("desk/boards/<slug:code>/add/", editor.add, name="add_block"),
    path("desk/boards/<slug:code>/drop/", editor.drop, name="drop_block"),
    path("desk/boards/<slug:code>/languages/", words.languages, name="languages"),
    path("desk/boards/<slug:code>/read/", editor.read_picture, name="read_picture"),
    path("desk/boards/<slug:code>/confirm/", editor.confirm, name="confirm"),
    path("desk/boards/<slug:code>/publish/", editor.publish, name="publish"),
    path("desk/boards/<slug:code>/rehang/", editor.rehang, name="rehang"),
    path("desk/boards/<slug:code>/withdraw/", editor.withdraw, name="withdraw"),
    path("desk/boards/<slug:code>/away/", editor.take_away, name="take_away"),
    path("desk/boards/<slug:code>/recordings/", recordings.begin, name="begin_recording"),
    path("desk/boards/<slug:code>/recordings/<int:number>/", recordings.recording, name="recording"),
    path("desk/boards/<slug:code>/recordings/<int:number>/file/", recordings.file, name="recording_file"),
    path("desk/boards/<slug:code>/recordings/<int:number>/start/", recordings.start, name="recording_start"),
    path("desk/boards/<slug:code>/recordings/<int:number>/piece/<slug:upload>/", recordings.piece, name="recording_piece"),
    path("desk/boards/<slug:code>/recordings/<int:number>/<slug:part>.vtt", recordings.preview_captions, name="desk_captions"),
    path("desk/boards/<slug:code>/recordings/<int:number>/drop/", recordings.drop, name="drop_recording"),
]
urlpatterns = [*visitors, *desk]
