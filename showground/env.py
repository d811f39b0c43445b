"""Every environment variable of the site: name, kind, default, one line of help; secrets may come from NAME_FILE."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Variable:
    """One variable as it is declared here and printed by `showground env`."""

    name: str
    kind: str  # "text" | "path" | "number" | "switch" | "list" | "secret"
    default: str
    help: str


VARIABLES = (
    Variable("SHOWGROUND_DATA", "path", "var", "Folder that holds everything the site keeps."),
    Variable(
        "SHOWGROUND_DATABASE_URL",
        "secret",
        "",
        "postgresql://... for PostgreSQL; empty means SQLite in the data folder.",
    ),
    Variable(
        "SHOWGROUND_SECRET_KEY",
        "secret",
        "",
        "Signs sessions, tells voters apart; empty means a key kept in the data folder. Never change it.",
    ),
    Variable("SHOWGROUND_URL", "text", "http://localhost:8300", "Address people type; its host is the only one answered."),
    Variable("SHOWGROUND_H5_DOMAIN", "text", "h5.localhost", "Interactive works run at w<hash>.<this domain>."),
    Variable("SHOWGROUND_BIND", "text", "127.0.0.1:8300", "Address and port the web process listens on."),
    Variable(
        "SHOWGROUND_CLOCK",
        "text",
        "real",
        "'rehearsal' lets the clock of the data folder run behind; rehearsal origins only.",
    ),
    Variable("SHOWGROUND_TRUSTED_PROXIES", "list", "", "Addresses whose X-Forwarded-For is believed, separated by commas."),
    Variable("SHOWGROUND_WITNESS_URL", "text", "http://127.0.0.1:8311", "Where the notary's witness takes checkpoints."),
    Variable(
        "SHOWGROUND_MAIL_URL",
        "secret",
        "folder:",
        "smtps://user:password@host (smtp:// without TLS, for a relay on the same machine); 'folder:' keeps letters in the data folder.",
    ),
    Variable("SHOWGROUND_MAIL_FROM", "text", "week@localhost", "Sender of letters."),
    Variable(
        "SHOWGROUND_DESK_ADDRESS",
        "text",
        "",
        "The report desk's own address, in notices to partners; empty means report@ and the site's host.",
    ),
    Variable(
        "SHOWGROUND_DESK_MAIL",
        "text",
        "",
        "Loopback address and port where `showground run` takes mail for the desk, 127.0.0.1:8325 or lmtp:127.0.0.1:8325; empty: none.",
    ),
    Variable(
        "SHOWGROUND_DESK_AUTHSERV",
        "text",
        "",
        "Your mail server's name in Authentication-Results; without it no code goes out by mail.",
    ),
    Variable(
        "SHOWGROUND_DESK_IDLE",
        "number",
        "15",
        "Minutes without a hand after which a shift at the report desk is locked, 1 to 60; the passphrase opens it again.",
    ),
    Variable(
        "SHOWGROUND_DESK_RESERVE",
        "number",
        "1024",
        "Megabytes of the disk that files of reports leave free, for words, votes and the log; files beyond are refused in words.",
    ),
    Variable("SHOWGROUND_DEBUG", "switch", "no", "Tracebacks on pages; never in public."),
    Variable("SHOWGROUND_WORKERS", "number", "2", "Web worker processes."),
)
_BY_NAME = {v.name: v for v in VARIABLES}


def origin_of(name: str) -> str:
    """Tells where the value of a declared variable comes from: "environment", "file" or "default"."""
    if name in os.environ:
        return "environment"
    return "file" if f"{name}_FILE" in os.environ else "default"


def text(name: str) -> str:
    """Returns the value of a declared variable; a secret may lie in the file that NAME_FILE names."""
    declared = _BY_NAME[name]
    if name in os.environ:
        return os.environ[name]
    if f"{name}_FILE" in os.environ:
        return Path(os.environ[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    return declared.default


def path(name: str) -> Path:
    """Returns a declared path, absolute."""
    return Path(text(name)).expanduser().resolve()


def number(name: str) -> int:
    """Returns a declared whole number."""
    return int(text(name))


def switch(name: str) -> bool:
    """Returns a declared yes/no."""
    return text(name).lower() in {"1", "yes", "true", "on"}


def items(name: str) -> list[str]:
    """Returns a declared list; empty parts are dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]
