"""What is said of a board that was not taken, or taken with something to know: a sentence for every code "board.*"."""

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
    # warnings
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
