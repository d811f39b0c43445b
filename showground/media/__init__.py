"""The safe handling of what strangers upload: every decoder runs in a jail, and only bytes that we made are published.

How a room uses it (all from `showground.media.jail`):

    jail = best_available()                      # found once per process; jail.name "bwrap" | "rlimits", jail.strong, jail.says
    answer = jail.run(tool, source, out, options) # source: the upload; out: an existing empty folder; options: JSON values

`tool` is one of `sniff`, `picture`, `video`, `sound`, `probe`, `package`, `board`, `tiles`, `handout`, `ocr`.
`run` returns a dict or raises `Refused`; on a refusal `out` is
left empty. A public upload is accepted only where `jail.strong` is true; that decision is the caller's. `JailBroken` says that
the site, not the upload, is at fault.

    sniff    options {"category"?}             -> {"kind", "type"}                        nothing is written
    probe    options {}                        -> {"kind", "width", "height", "duration_ms", "codec", "audio", "rate"}
    picture  options {}                        -> {"kind", "width", "height", "frames", "color", "renditions"}
    video    options {"ffmpeg"?: path}         -> {"kind", "width", "height", "frames": 1, "duration_ms", "codec", "audio",
                                                   "color", "renditions"}
    package  options {}                        -> {"kind": "zip", "files", "bytes", "index": "index.html", "hash32", "notes",
                                                   "width", "height", "color", "renditions"}   (last four: its poster, or None/[])

    sound    options {"ffmpeg"?: path}         -> {"kind", "codec", "duration_ms", "renditions"}
    handout  options {}                        -> {"kind", "pages", "width", "height", "color", "renditions"}
    ocr      options {"page"?}                 -> {"lines", "blocks", "file"}                blocks.json; use easel.recognise
    board    options {"first"?, "last"?, "dpi"?} -> {"kind", "pages", "boards", "file"}      boards.jsonl; use easel.read
    tiles    options {"page"?, "dpi"?}         -> {"kind", "width", "height", "color", "tiles", "renditions"}   use easel.draw
             options {"page", "last", "dpi"?}  -> {"kind", "pages": [...], "renditions"}   use easel.draw_run

`renditions`: [{"name", "use", "type", "width", "height", "bytes", "sha256"}, ...]; `name` is a file in `out`; `use` is "picture"
(WebP, widths up to 320, 960, 1920, never upscaled), "share" (one JPEG inside 1200 x 1200) or "video" (one MP4). The posters of
videos and packages are "picture" and "share" renditions too, so every kind of work has the same tile. An animated picture is
shown by its first frame. "sound" is one M4A, "download" a hand-out to keep (JPEG or PDF). `color`: dominant colour "#rrggbb".
`bytes` and `sha256` are measured outside the jail.

A package is left in `out`/h5 (manifest.json and numbered files): move that folder to <store>/<hash32> and `showground.sandbox`
serves it. `hash32`: first 32 lower-case base32 characters of the zip's SHA-256. `notes`: [{"note", "file", "what"}] for the
screener; note is "remote", "webrtc", "refresh", "password", "miner", "hidden" or "poster".

`sniff.check(path, category)` needs no jail (it reads 4 kB and decodes nothing): category "picture", "video" or "h5".

Refusals (code: facts):
    board.*: showground/media/notices.py
    work.empty: -                             work.kind: found, wanted             work.cut_off: found
    work.too_large: bytes, limit              work.too_many_pixels: width, height, limit
    work.too_many_frames: frames, limit       work.too_long: seconds, limit        work.codec: found
    work.no_picture: found                    (a "video" with sound only)
    package.empty: -                          package.no_index: -                  package.several_indexes: names
    package.encrypted: name                   package.method: name, method         package.damaged: name, reason
    package.name: name, reason                package.special: name                package.duplicate: name, other
    package.forbidden: name, found            package.bomb: name, ratio, limit     package.file_too_large: name, bytes, limit
    package.too_many_files: files, limit      package.too_large: bytes, limit
    media.unreadable: tool, ended             (the decoder gave up or died)
    media.too_long: tool, seconds             (it took more time than allowed)
    media.too_large: tool                     (it needed more memory or disk than allowed)
"""
