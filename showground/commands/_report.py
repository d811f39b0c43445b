"""What `demo --check` prints at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def report(play: Any, others: list[Any], data: Path, verdict: str, total: float) -> str:
    """Returns the report of a played week: numbers, the result per category, the verdict, seconds per part."""
    numbers, week = play.stage.numbers, play.reader.read()
    home = data / "log"
    table = _result(home, week)
    counted = next(iter(_assets(home, [week.tally[1]["table_sha256"]] if week.tally else [])), {})
    lines = [
        "",
        f"works       {sum(numbers.works.values())}: " + ", ".join(f"{n} {kind}" for kind, n in numbers.works.items()),
        f"papers      {numbers.papers} voters, {sum(week.credentials.values())} papers",
        f"ballots     {week.ballots} cast, {counted.get('counted')} counted, {counted.get('replaced')} replaced, dropped {counted.get('dropped')}",
        f"refusals    {json.dumps(numbers.refused)}",
        *(line for other in others for line in other.lines(week)),
        f"log         {week.size} records, {_count(home, 'checkpoints')} checkpoints kept, each with the notary's cosignature",
        "",
        *table,
        "",
        verdict.strip(),
        "",
        "seconds     " + ", ".join(f"{part} {took:.1f}" for part, took in numbers.seconds.items()) + f"; total {total:.1f}",
    ]
    return "\n".join(lines)


def _assets(home: Path, hashes: list[str]) -> list[dict[str, Any]]:
    return [json.loads(p.read_bytes()) for digest in hashes for p in home.glob(f"*/assets/{digest}")]


def _count(home: Path, what: str) -> int:
    return sum(1 for _ in home.glob(f"*/{what}/*"))


def _result(home: Path, week: Any) -> list[str]:
    hashes = {record["basis"]["result_sha256"] for _, record in week.awards}
    lines = []
    for table in _assets(home, sorted(hashes)):
        for category in table["categories"]:
            lines.append(
                f"{category['category']:<10} place  entry   votes  vote pts  jury pts  combined  prize          decided by"
            )
            lines += [
                f"{'':<10} {row['place']:>5}  {row['entry']}  {row['votes']:>5}  {row['vote_points'] / 100:>8.2f}  "
                f"{row['jury_points'] / 100:>8.2f}  {row['combined'] / 100:>8.2f}  {row['prize'] or '-':<13}  {row['decided_by']}"
                for row in category["rows"]
            ]
    return lines
