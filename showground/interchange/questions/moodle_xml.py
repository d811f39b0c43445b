"""Moodle XML, in (moodle_read.py) and out (moodle_write.py).

SPEC Moodle XML (Moodle documentation): multichoice, truefalse, shortanswer, numerical, matching, cloze and the ordering plugin; pictures
in `file` elements; categories, tags, idnumber; {mlang} or multilang spans carry two languages. Whatever else a question holds is left
by the name of its element.
"""

from __future__ import annotations

from showground.interchange.questions.moodle_read import read
from showground.interchange.questions.moodle_write import CARRIES, fit, write

__all__ = ["CARRIES", "fit", "read", "write"]
