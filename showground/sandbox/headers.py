"""What the browser is told about a work: by the work's own host, and by the page that frames it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HASH = re.compile(r"[a-z2-7]{32}")
# SPEC security 1.2: allow-same-origin is safe with allow-scripts only because the work's origin is never the page's.
FRAME_SANDBOX = "allow-scripts allow-same-origin allow-pointer-lock allow-orientation-lock allow-modals allow-forms"
FRAME_ALLOW = "fullscreen; autoplay; gamepad; accelerometer; gyroscope"
FRAME_REFERRER = "no-referrer"
FOREVER, NEVER = "public, max-age=31536000, immutable", "no-store"

_POLICY = (
    "default-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:",
    "style-src 'self' 'unsafe-inline' data: blob:",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data: blob:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob: data:",
    "child-src 'self' blob: data:",
    "frame-src 'self' blob: data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
)
_ALLOWED = ("fullscreen", "autoplay", "gamepad", "accelerometer", "gyroscope")
_FORBIDDEN = (
    *("camera", "microphone", "geolocation", "display-capture", "usb", "serial", "hid", "bluetooth", "midi", "payment"),
    *("clipboard-read", "local-network-access", "publickey-credentials-get", "publickey-credentials-create"),
    *("identity-credentials-get", "storage-access", "otp-credentials", "browsing-topics"),
)


def work_headers(main_origin: str) -> list[tuple[str, str]]:
    """Returns the security headers of every response of a work's host; only the main site and the work itself may frame it."""
    permissions = [f"{name}=(self)" for name in _ALLOWED] + [f"{name}=()" for name in _FORBIDDEN]
    return [
        ("Content-Security-Policy", "; ".join([*_POLICY, f"frame-ancestors {main_origin} 'self'"])),
        ("Permissions-Policy", ", ".join(permissions)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Origin-Agent-Cluster", "?1"),
        ("X-DNS-Prefetch-Control", "off"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]


def frame_origin(hash32: str, site_url: str, domain: str) -> str:
    """Returns the origin of a work, with the site's own scheme and port: what the embedding page's frame-src names."""
    if not HASH.fullmatch(hash32):
        raise ValueError("a work's hash is 32 lower-case base32 characters")
    site = urlsplit(site_url)
    port = f":{site.port}" if site.port else ""
    return f"{site.scheme}://w{hash32}.{domain}{port}"


def frame(hash32: str, site_url: str, domain: str) -> dict[str, str]:
    """Returns the attributes of the iframe that shows a work."""
    return {
        "src": f"{frame_origin(hash32, site_url, domain)}/index.html",
        "sandbox": FRAME_SANDBOX,
        "allow": FRAME_ALLOW,
        "referrerpolicy": FRAME_REFERRER,
    }


def check_apart(main_origin: str, domain: str) -> None:
    """Raises ValueError if a work could share the main site's origin or host: then works must not be served at all."""
    main = urlsplit(main_origin).hostname or ""
    if not main or not domain or main == domain or main.endswith("." + domain):
        raise ValueError(f"works at *.{domain} would not be apart from the site at {main_origin}")
