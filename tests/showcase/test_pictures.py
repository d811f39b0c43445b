"""The entrance's pictures come in the width that a screen shows of them."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from showground.works.models import Work
from tests.showcase.conftest import Hang


def test_works_at_the_entrance_say_their_widths_and_the_place_they_fill(hang: Hang, at: Callable[[int], Client]) -> None:
    _week, row = hang(until="vote")
    for work in Work.objects.filter(media__renditions__isnull=False):
        tall = [{"use": "picture", "type": "image/webp", "width": w, "height": 2 * w, "file": f"{w}.webp"} for w in (480, 960)]
        work.media = {**work.media, "renditions": tall}
        work.save(update_fields=["media"])
    page = at(row.vote_opens + 3600).get("/en/2026/").content.decode()
    hung = re.findall(r'<img class="hung h-(\d+)"[^>]*srcset="([^"]+)"\s+sizes="([^"]+)"', page)
    assert hung and {widths for _h, widths, _s in hung} == {"/media/480.webp 480w, /media/960.webp 960w"}
    for high, _widths, sizes in hung:  # half as wide as the height of its class, in pixels
        wide = 10 * round(int(high) / 2)
        assert sizes == f"(min-width: 900px) calc(1.32 * {wide}px), {wide}px"
    assert page.count('fetchpriority="high"') == 1
