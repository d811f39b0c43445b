"""The content types of a work's files: a table of our own, never the host's."""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "application/octet-stream"
TYPES: Mapping[str, str] = {
    # No charset: an old page's own <meta charset=gbk> must count.
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "webmanifest": "application/manifest+json",
    "xml": "application/xml",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/plain",
    "vtt": "text/vtt",
    "atlas": "text/plain",
    "fnt": "text/plain",
    "wasm": "application/wasm",
    "data": OTHER,
    "bin": OTHER,
    "pck": OTHER,
    "mem": OTHER,
    "unityweb": OTHER,
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "bmp": "image/bmp",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "weba": "audio/webm",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "gltf": "model/gltf+json",
    "glb": "model/gltf-binary",
}
_ENCODINGS: Mapping[str, str] = {"gz": "gzip", "br": "br"}


def kind_of(path: str) -> tuple[str, str]:
    """Returns (content type, content encoding or "") of a path: `app.wasm.br` is application/wasm in Brotli."""
    stem, _, end = path.rpartition(".")
    inner = stem.rpartition(".")[2].lower() if "." in stem else ""
    if end.lower() in _ENCODINGS and inner in TYPES:
        return TYPES[inner], _ENCODINGS[end.lower()]
    return TYPES.get(end.lower(), OTHER), ""
