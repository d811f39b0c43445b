"""GIFT, Moodle's question text: `::title:: text {=right ~wrong#why ####explanation}`, items parted by empty lines.

SPEC GIFT (Moodle documentation): escapes `\\~ \\= \\# \\{ \\} \\: \\n`, weights `%50%`, `{#value:tolerance}` and `{#low..high}`,
`{T#if wrong#if right}`, `=left -> right`, `$CATEGORY:`, `[id:]` and `[tag:]` in comments, `[html] [plain] [markdown] [moodle]`, and the
ordering plugin's `{>`. An answer in the midst of a sentence leaves `_____` there.
"""

from __future__ import annotations

from showground.interchange.questions.gift_read import read
from showground.interchange.questions.gift_write import CARRIES, fit, write

__all__ = ["CARRIES", "fit", "read", "write"]
