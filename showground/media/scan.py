"""What a screener should know of a package before running it; notes, never verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST, READ = 60, 2 << 20
TEXTS = (".html", ".htm", ".js", ".mjs", ".css", ".json", ".svg", ".xml", ".webmanifest")
# Namespaces are names, not places that a browser goes to.
_NAMESPACES = frozenset({"www.w3.org", "w3.org", "ns.adobe.com", "purl.org", "schemas.microsoft.com"})
_REMOTE = re.compile(rb"(?i)(?:(?:https?|wss?):|[\"'(=]\s?)//([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)")
_PATTERNS: Mapping[str, re.Pattern[bytes]] = {
    "webrtc": re.compile(rb"RTCPeerConnection"),
    "refresh": re.compile(rb"(?i)<meta[^>]{0,200}http-equiv\s?=\s?[\"']?refresh"),
    "password": re.compile(rb"(?i)type\s?=\s?[\"']?password"),
    "miner": re.compile(rb"(?i)coinhive|coin-hive|cryptonight|cryptoloot|webminerpool|coinimp|stratum\+tcp"),
}


def notes(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Returns notes on the text files of a package ({path: first 2 MB}), each kind and host once, at most 60."""
    seen: dict[tuple[str, str], str] = {}
    for path, text in files.items():
        for host in _REMOTE.findall(text):
            name = host.decode().lower()
            if name not in _NAMESPACES:
                seen.setdefault(("remote", name), path)
        for note, pattern in _PATTERNS.items():
            if found := pattern.search(text):
                seen.setdefault((note, found[0][:60].decode("ascii", "replace")), path)
    return [{"note": note, "file": path, "what": what} for (note, what), path in list(seen.items())[:MOST]]
