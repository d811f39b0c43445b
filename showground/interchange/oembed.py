"""oEmbed 1.0: how another site shows a board in a frame; SPEC oembed 2.3.4."""

from __future__ import annotations

import html
from typing import Any

from showground.media.boards import Board

TEXT = 210  # pixels of a card under its picture
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"  # a card has no script and no form; its one link opens beside the page


def rich(board: Board, frame: str, lang: str, *, site: str, home: str, most: tuple[int, int] = (640, 800)) -> dict[str, Any]:
    """Returns the answer for a board whose frame is at `frame`, at most `most` wide and high; `site`, `home`: who shows it."""
    wide, high = most
    width = min(wide, 640)
    height = min(high, (width * 9 // 16 if board["picture"]["drawn"] else 0) + TEXT)
    title = board["title"].get(lang) or next(iter(board["title"].values()), "")
    marks = f'width="{width}" height="{height}" title="{html.escape(title)}" loading="lazy" referrerpolicy="no-referrer"'
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site,
        "provider_url": home,
        "width": width,
        "height": height,
        "html": f'<iframe src="{html.escape(frame)}" {marks} sandbox="{SANDBOX}"></iframe>',
    }
