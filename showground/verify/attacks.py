"""What an attack on a quiz or a draw is called when the order of the records alone gives it away."""

from __future__ import annotations

from typing import Final

ATTACKS: Final = {
    "quiz.rules_twice": "changed rules",
    "quiz.key_swapped": "swapped key",
    "quiz.late_entry": "late entry",
    "draw.struck_late": "strike after the pool was frozen",
    "draw.pool_differs": "altered pool",
    "draw.rules_differ": "changed rules",
    "draw.round": "wrong round",
    "draw.chain": "another beacon than the rule's",
    "draw.randomness": "forged beacon",
    "draw.throws": "dice grinding",
    "draw.seed_late": "seed grinding",
    "draw.seed_twice": "seed grinding",
    "draw.seed_differs": "seed grinding",
    "draw.twice": "second draw",
    "draw.result_differs": "altered result",
    "draw.claim_position": "winner passed over",
}
