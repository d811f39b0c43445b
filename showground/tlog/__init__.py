"""A transparency log: Merkle tree, tiles, signed notes, checkpoints, cosignatures, receipts; standard library only.

Formats are those of c2sp.org and RFC 6962; nothing here knows a clock, a network or a week.
"""

from __future__ import annotations

from showground.tlog.malformed import Malformed, Unverified

__all__ = ["Malformed", "Unverified"]
