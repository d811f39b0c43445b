"""What is said of a board, captions, a sound or a hand-out that was not taken, or taken with something to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # refusals
    "board.password": "The file is locked with a password. Save a copy without one.",
    "board.old_office": "This is a presentation of before 2007 (.ppt). Save it as .pptx or PDF.",
    "board.too_many_pages": "%(pages)s pages were asked for; at most %(limit)s are read at once. Name a part of them.",
    "board.no_page": "There is no page %(page)s: the file has %(pages)s.",
    "board.too_much": "One page holds too many %(what)s: at most %(limit)s are read. Split it, or export it as a picture.",
    "board.document": "What was read has no sound shape (at %(place)s). Please report this file.",
    "board.unprintable": "This text cannot be typeset: %(reason)s",
    "captions.head": "Line 1: captions begin with the line WEBVTT and an empty line after it.",
    "captions.subrip": "Line 1: this is SubRip (.srt). Save it as WebVTT (.vtt): it begins with WEBVTT, and times have a point, not a comma.",
    "captions.encoding": "Line %(line)s: this is not UTF-8. Save the file as UTF-8.",
    "captions.gap": "Line %(line)s: an empty line is missing before it.",
    "captions.style": "Line %(line)s: %(found)s is not taken. Captions look as the reader's player shows them.",
    "captions.no_time": "Line %(line)s: there is no time before “%(found)s”. A caption begins with a line such as 00:01.000 --> 00:04.000.",
    "captions.time": "Line %(line)s: “%(found)s” is no time. Write it so: 00:01.000 --> 00:04.000, with a space on both sides of the arrow.",
    "captions.setting": "Line %(line)s: “%(found)s” is no setting that WebVTT knows.",
    "captions.backwards": "Line %(line)s: %(found)s ends before it begins.",
    "captions.order": "Line %(line)s: %(found)s begins before the caption above it. Put the captions in order.",
    "captions.late": "Line %(line)s: %(found)s is after the end of the recording (%(length)s).",
    "captions.empty": "Line %(line)s: this caption says nothing.",
    "captions.long": "Line %(line)s: this caption has more than %(limit)s characters. Part it.",
    "captions.mark": "Line %(line)s: “%(found)s” is no mark that captions may have, or it closes nothing. A bare < is written &lt;.",
    "captions.open_mark": "Line %(line)s: %(found)s is never closed.",
    "captions.letter": "Line %(line)s: “%(found)s” is no letter that can be shown.",
    "captions.none": "There is no caption in it.",
    "captions.too_many": "There are more than %(limit)s captions in it.",
    "captions.too_large": "The captions are too large: at most %(limit)s bytes.",
    "sound.too_long": "The recording is too long: at most %(limit)s seconds.",
    "work.no_sound": "There is no sound in this file.",
    "handout.pages": "The PDF has %(pages)s pages; a hand-out has at most %(limit)s.",
    # warnings
    "board.ocr": "A machine read %(lines)s lines off the picture (%(sure)s of 100 sure). Read them against the picture before you confirm.",
    "board.no_ocr": 'Text recognition is not installed on this site. Type the text; or install it: pip install "showground[ocr]".',
    "board.ocr_failed": "Text recognition gave up on this picture. Type the text.",
    "board.no_text": "There is no text in it, only a picture. Type the text, or have it recognised and check it.",
    "board.outlines": "The letters are drawn as shapes, not as text. Type the text, or export again without turning it into outlines.",
    "board.unmapped": "%(found)s of %(of)s letters have no meaning in the fonts of the file. Check the text against the picture.",
    "board.font_missing": "Some fonts are not in the file, so the picture may differ from print: %(fonts)s.",
    "board.hidden_text": "Some text is there but not printed, as text recognition leaves it. Check it against the picture.",
    "board.javascript": "The file carries JavaScript. Nothing of it was run, and nothing of it is taken.",
    "board.launch": "The file asks to start programs. Nothing was started.",
    "board.xfa": "The file is an XFA form. Only what is printed is read.",
    "board.attachments": "Attached files are not taken: %(files)s.",
    "board.lower_dpi": "The page is drawn at %(dpi)s dpi instead of %(wanted)s: more pixels are not drawn.",
    "board.macros": "The file carries macros. Nothing of them was run, and nothing of them is taken.",
    "board.no_picture": "A slide is not drawn here. Export it as PDF too, and give both files of the same name.",
    "board.other_pages": "The presentation has %(slides)s slides and its PDF %(pages)s pages. They may not belong together.",
    "board.other_shape": "The slide and its page in the PDF have different shapes. Check the regions.",
    "board.left_out": "Something on this slide is not taken: %(what)s.",
    "board.hidden_slide": "This slide is hidden in the presentation.",
}
