"""The animations of the demo: each is a function from a time in seconds to the SVG of that frame, plus its notes.

Lettering is kept as outlines in lettering.json (name -> [width at 100 px, path]); no font is asked for.
"""

from __future__ import annotations

import io
import json
import math
import random
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from PIL import Image

LETTERING = Path(__file__).with_name("lettering.json")
WIDTH, HEIGHT, FPS, RATE = 1280, 720, 12, 22050
Note = tuple[float, float, float, float]  # begins (s), pitch (Hz), lasts (s), loudness 0..1


@dataclass(frozen=True)
class Clip:
    """An animation: how long it is in seconds, what stands in the frame at a time, and which notes sound."""

    seconds: float
    frame: Callable[[float], str]
    notes: tuple[Note, ...]


def encode(name: str, render: Callable[[str, int], Image.Image]) -> bytes:
    """The clip as H.264 and AAC in MP4, 1280 by 720 at 12 frames a second; the same bytes every time with one PyAV."""
    import av

    clip, out = CLIPS[name], io.BytesIO()
    with av.open(out, "w", format="mp4") as box:
        film = box.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "21", "threads": "2"})
        film.width, film.height, film.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = box.add_stream("aac", rate=RATE, layout="mono")
        last, picture = "", Image.new("RGB", (WIDTH, HEIGHT))
        for i in range(round(clip.seconds * FPS)):
            svg = clip.frame(i / FPS)
            if svg != last:
                last, picture = svg, render(svg, WIDTH).convert("RGB")
            shot = av.VideoFrame.from_image(picture)
            shot.pts, shot.time_base = i, Fraction(1, FPS)
            box.mux(film.encode(shot))
        box.mux(film.encode(None))
        for start, samples in _blocks(_mixed(clip)):
            heard = av.AudioFrame(format="fltp", layout="mono", samples=len(samples))
            heard.planes[0].update(samples.tobytes())
            heard.rate, heard.pts, heard.time_base = RATE, start, Fraction(1, RATE)
            box.mux(sound.encode(heard))
        box.mux(sound.encode(None))
    return out.getvalue()


def _mixed(clip: Clip) -> array[float]:
    """The notes as soft plucked tones, mono, one float a sample."""
    out = array("f", bytes(4 * round(clip.seconds * RATE)))
    for begins, pitch, lasts, loud in clip.notes:
        at = round(begins * RATE)
        for i in range(min(round(lasts * RATE), len(out) - at)):
            t = i / RATE
            wave = math.sin(math.tau * pitch * t) + 0.3 * math.sin(2 * math.tau * pitch * t)
            out[at + i] += 0.4 * loud * wave * min(1, t / 0.01) * math.exp(-4 * t / lasts)
    return out


def _blocks(samples: array[float]) -> list[tuple[int, array[float]]]:
    return [(i, samples[i : i + 1024]) for i in range(0, len(samples), 1024)]


# ---- drawing ----


@cache
def _letters() -> dict[str, tuple[float, str]]:
    return {name: (w, d) for name, (w, d) in json.loads(LETTERING.read_text("utf-8")).items()}


def word(name: str, x: float, y: float, size: float, fill: str, anchor: float = 0.0, extra: str = "") -> str:
    """Outlined lettering with its baseline at y; anchor 0 begins at x, 0.5 is centred on it, 1 ends there."""
    wide, d = _letters()[name]
    k = size / 100
    return f'<path fill="{fill}" transform="translate({x - anchor * wide * k:.1f} {y:.1f}) scale({k:.4f})" {extra} d="{d}"/>'


def sheet(colour: str, *body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colour}"/>{"".join(body)}</svg>'
    )


def rect(x: float, y: float, w: float, h: float, fill: str, extra: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{max(h, 0):.1f}" fill="{fill}" {extra}/>'


def disc(x: float, y: float, r: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(r, 0):.1f}" fill="{fill}" {extra}/>'


def moved(body: str, how: str, extra: str = "") -> str:
    return f'<g transform="{how}" {extra}>{body}</g>'


def ease(t: float, begins: float, ends: float) -> float:
    """0 before `begins`, 1 after `ends`, and a smooth step between."""
    u = min(1.0, max(0.0, (t - begins) / (ends - begins)))
    return u * u * (3 - 2 * u)


def pop(t: float, begins: float, lasts: float = 0.4) -> float:
    """Like ease, but it swings a little past 1 before it rests."""
    u = min(1.0, max(0.0, (t - begins) / lasts))
    return 1 + 2.2 * (u - 1) ** 3 + 1.2 * (u - 1) ** 2 if u else 0.0


# ---- six boxes: a code arrives, somebody asks for it, the boxes answer ----


def six_boxes(t: float) -> str:
    pink, deep, pale, ink = "#F0508A", "#C2185B", "#FFF6F0", "#2A1030"
    head = word("six.end" if t > 4.4 else "six.msg", 155, 150, 46, pale)
    boxes = "".join(_box(i, t, deep, pale, ink) for i in range(6))
    ask = ease(t, 2.0, 2.5) - ease(t, 3.7, 4.0)
    bubble = rect(155, 560, 860, 96, ink, 'rx="48"') + word("six.caller", 205, 626, 56, pale)
    foot = rect(155, 600, 970 * ease(t, 5.3, 6.2), 12, ink)
    return sheet(pink, head, boxes, moved(bubble, f"translate({(ask - 1) * 1250:.0f} 0)") if ask > 0 else "", foot)


def _box(i: int, t: float, deep: str, pale: str, ink: str) -> str:
    arrives, turns = 0.3 + i * 0.22, 4.0 + i * 0.16
    x, side = 155 + i * 165, 145
    flat = abs(math.cos(math.pi * ease(t, turns, turns + 0.5)))
    shut = t > turns + 0.25
    face = rect(x, 300, side, side * 1.25, deep if shut else pale)
    if shut:
        face += word(f"box{i}", x + side / 2, 428, 104, pale, 0.5)
    elif t > arrives:
        k = pop(t, arrives)
        face += moved(word("d" + "471903"[i], 0, 0, 120, ink, 0.5), f"translate({x + side / 2:.1f} {434:.1f}) scale({k:.2f})")
    return moved(face, f"translate(0 {390 * (1 - flat):.1f}) scale(1 {flat:.3f})")


# ---- the hook: a gift comes down, the fish has read the address ----


def hook(t: float) -> str:
    y = -420 + 620 * ease(t, 0.2, 1.6) - 760 * ease(t, 3.7, 4.6) + 8 * math.sin(t * 4)
    line = f'<path d="M900 -400V{y + 120:.0f}" stroke="#FFD84A" stroke-width="6"/>'
    bend = f"M900 {y + 120:.0f}v170a80 80 0 0 1-160 0v-30l-26 34m26-34l34 26"
    steel = f'<path d="{bend}" fill="none" stroke="#F4F7FF" stroke-width="30"/>'
    tag = rect(805, y + 60, 190, 76, "#FF5A36", 'rx="8"') + word("hook.1", 900, y + 114, 44, "#FFF", 0.5)
    here = -200 + 700 * ease(t, 0.8, 2.4) - 12 * ease(t, 2.6, 3) - 900 * ease(t, 3.4, 4.9)
    faces = 1 if t < 3.2 else math.cos(math.pi * ease(t, 3.2, 3.6))
    at = moved(word("hook.at", 0, 42, 118, "#1B43E8", 0.5), f"translate({-22 * faces:.1f} 0) scale({abs(faces):.3f} 1)")
    body = moved(_fish(t), f"scale({faces:.3f} 1)") + at
    fish = moved(body, f"translate({here:.0f} {440 + 14 * math.sin(t * 3):.0f})")
    words = word("hook.2", 640, 390, 132, "#FFF", 0.5, f'opacity="{ease(t, 4.7, 5.1):.2f}"')
    return sheet("#1B43E8", _waves(t), line, steel, tag, fish, words)


def _fish(t: float) -> str:
    tail = 26 * math.sin(t * 9)
    fin = f"L-215 {-70 + tail:.0f}C-190 {tail / 2:.0f}-190 {tail / 2:.0f}-215 {70 + tail:.0f}"
    body = f'<path d="M150 0C90-95-60-95-130-10{fin}L-130 10C-60 95 90 95 150 0Z" fill="#FFD84A"/>'
    return body + disc(84, -18, 17, "#10207A") + disc(90, -23, 5, "#FFF")


def _waves(t: float) -> str:
    rows = ""
    for k in range(4):
        left = -160 + (t * 30 * (1 + k % 2) + k * 37) % 160
        line = f"M{left:.0f} {150 + k * 150}q40-26 80 0{'t80 0' * 18}"
        rows += f'<path d="{line}" fill="none" stroke="#3B62FF" stroke-width="10"/>'
    return rows


# ---- blur first: a face made of squares loses its squares ----


def pixel_face(t: float) -> str:
    grain = 32 if t < 1.6 else 16 if t < 2.1 else 8 if t < 2.6 else 6
    step = 448 / grain
    shown = int(ease(t, 0.1, 1.2) * 32)
    cells = "".join(
        rect(416 + x * step, 76 + y * step, step + 0.6, step + 0.6, _skin((x + 0.5) / grain, (y + 0.5) / grain))
        for y in range(grain)
        for x in range(grain)
        if grain < 32 or y <= shown
    )
    flash = ease(t, 1.3, 1.4) - ease(t, 1.4, 1.6)
    glow = rect(0, 0, WIDTH, HEIGHT, "#FFF", f'opacity="{flash:.2f}"') if flash > 0 else ""
    line = word("blur.2" if t > 2.6 else "blur.1", 640, 650, 92, "#16324F", 0.5) if t > 1.6 else ""
    return sheet("#8ED0F5", rect(396, 56, 488, 488, "#FFF", 'rx="10"'), cells, line, glow)


def _skin(x: float, y: float) -> str:
    """The colour of the face at a point of the unit square: hair, cheeks, eyes, a mouth, a red shirt."""
    face = ((x - 0.5) / 0.3) ** 2 + ((y - 0.47) / 0.36) ** 2
    if y > 0.86 and abs(x - 0.5) < 0.2 + (y - 0.86) * 2:
        return "#F25C3A"
    if face > 1:
        return "#3A2314" if ((x - 0.5) / 0.36) ** 2 + ((y - 0.4) / 0.36) ** 2 < 1 and y < 0.5 else "#BFE6FA"
    if y < 0.27 + 0.05 * math.sin(x * 20):
        return "#3A2314"
    if min((x - 0.38) ** 2, (x - 0.62) ** 2) + (y - 0.47) ** 2 < 0.0016:
        return "#24150D"
    if 0.64 < y < 0.7 and abs(x - 0.5) < 0.1 - abs(y - 0.64) * 0.6:
        return "#B8433A"
    if min((x - 0.31) ** 2, (x - 0.69) ** 2) + (y - 0.58) ** 2 < 0.003:
        return "#F2A58C"
    return "#F3C9A5" if x < 0.56 else "#EAB88F"


# ---- the page turns over ----


def flip_login(t: float) -> str:
    turn = math.pi * ease(t, 2.2, 3.2)
    wide = abs(math.cos(turn))
    card = _front(t) if turn < math.pi / 2 else _reverse()
    first, second = ease(t, 3.4, 3.8) - ease(t, 4.6, 4.9), ease(t, 4.9, 5.3)
    words = word("flip.1", 640, 668, 68, "#1C1B29", 0.5, f'opacity="{first:.2f}"')
    words += word("flip.2", 640, 668, 68, "#1C1B29", 0.5, f'opacity="{second:.2f}"')
    shade = rect(320 + 20 * wide, 84, 640, 500, "#C9B6F2", 'rx="18"')
    return sheet("#E6DAFF", moved(shade + card, f"translate({640 * (1 - wide):.1f} 0) scale({wide:.3f} 1)"), words)


def _front(t: float) -> str:
    typed = int(max(0, (t - 0.8) * 7))
    name = rect(400, 300, 14 * min(typed, 8), 12, "#2B2A3A")
    dots = "".join(disc(410 + i * 26, 406, 8, "#2B2A3A") for i in range(max(0, min(typed - 8, 7))))
    bar = (
        rect(320, 64, 640, 64, "#4B2BBF", 'rx="18"') + rect(320, 100, 640, 28, "#4B2BBF") + word("flip.addr", 372, 106, 28, "#FFF")
    )
    fields = "".join(rect(380, y, 520, 62, "#FFF", 'stroke="#4B2BBF" stroke-width="3"') for y in (276, 376))
    labels = word("flip.name", 380, 264, 24, "#4B2BBF") + word("flip.pw", 380, 366, 24, "#4B2BBF")
    button = rect(380, 468, 520, 68, "#FFB800") + word("flip.sign", 640, 514, 34, "#1C1B29", 0.5)
    return (
        rect(320, 64, 640, 500, "#FFF", 'rx="18"')
        + bar
        + word("flip.head", 380, 208, 50, "#1C1B29")
        + fields
        + labels
        + name
        + dots
        + button
    )


def _reverse() -> str:
    planks = "".join(
        rect(320 + i * 128, 64, 124, 500, c) for i, c in enumerate(("#C98B4A", "#BE8042", "#CB9050", "#BB7C3E", "#C88A48"))
    )
    braces = '<path d="M330 90L950 540M950 90L330 540" stroke="#8E5A28" stroke-width="34"/>'
    label = rect(352, 268, 576, 84, "#FFF6D8") + word("flip.back", 640, 321, 27, "#B3261E", 0.5)
    prop = '<path d="M640 360V604" stroke="#8E5A28" stroke-width="26"/>'
    nails = "".join(disc(x, y, 7, "#4A2C10") for x in (352, 928) for y in (96, 532))
    return prop + planks + braces + label + nails


# ---- update tonight ----


def moon_update(t: float) -> str:
    part = ease(t, 0.4, 4.2)
    x, y = 640 + 400 * math.cos(math.pi * (1 - part)), 420 - 300 * math.sin(math.pi * (0.12 + 0.5 * part))
    dark = disc(x + 190 * part - 0.1, y, 92, _mixed_colour("#111A3D", "#2A2E63", part))
    stars = "".join(disc(a, b, r, "#FFF6C9", f'opacity="{0.3 + 0.7 * abs(math.sin(t * s + a)):.2f}"') for a, b, r, s in _stars())
    sky = _mixed_colour("#111A3D", "#2A2E63", part)
    town = "".join(_house(i, t) for i in range(16))
    one = word("moon.1", 640, 330, 88, "#FFF6C9", 0.5, f'opacity="{ease(t, 4.0, 4.5):.2f}"')
    two = word("moon.2", 640, 430, 88, "#9FB0FF", 0.5, f'opacity="{ease(t, 4.8, 5.3):.2f}"')
    return sheet(sky, stars, disc(x, y, 90, "#FFE27A"), dark, town, one, two)


@cache
def _stars() -> tuple[tuple[float, float, float, float], ...]:
    pick = random.Random(4)  # noqa: S311 - stars, not secrets
    return tuple((pick.uniform(0, 1280), pick.uniform(0, 430), pick.choice((1.5, 2, 3)), pick.uniform(0.5, 1.5)) for _ in range(46))


def _house(i: int, t: float) -> str:
    tall = (150, 96, 190, 120, 168, 84, 210, 132)[i % 8]
    body = rect(i * 80, HEIGHT - tall, 81, tall, "#070B1F")
    for k in range(tall // 46):
        done = t > 0.8 + ((i * 5 + k * 3) % 16) * 0.2
        body += rect(i * 80 + 20, HEIGHT - tall + 18 + k * 46, 16, 20, "#57E0A0" if done else "#23306A")
        body += rect(i * 80 + 46, HEIGHT - tall + 18 + k * 46, 16, 20, "#57E0A0" if done else "#23306A")
    return body


def _mixed_colour(one: str, two: str, share: float) -> str:
    pairs = [(int(one[i : i + 2], 16), int(two[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


# ---- it sounds like Dad: one wave turns out to be two ----


def call_wave(t: float) -> str:
    apart = ease(t, 2.6, 3.4)
    fade = 1 - ease(t, 4.2, 4.6)
    bars = ""
    for i in range(64):
        swing = (0.25 + abs(math.sin(i * 0.41) * math.cos(i * 0.17))) * (0.4 + 0.6 * abs(math.sin(t * 5 + i * 0.35)))
        tall = 230 * swing * math.sin(math.pi * (i + 0.5) / 64)
        stiff = 14 * round(tall / 14 * 0.9)
        if apart > 0:
            bars += rect(118 + i * 16.4, 300 + 130 * apart - stiff / 2, 9, stiff, "#F2604C")
        bars += rect(118 + i * 16.4, 300 - 130 * apart - tall / 2, 9, tall, "#F5EBDD")
    words = word("dad.1", 640, 640, 72, "#F5EBDD", 0.5, f'opacity="{ease(t, 0.8, 1.2) * fade:.2f}"')
    close = ease(t, 4.5, 5.0)
    words += word("dad.2", 640, 330, 68, "#F5EBDD", 0.5, f'opacity="{close:.2f}"') + word(
        "dad.3", 640, 440, 48, "#F2604C", 0.5, f'opacity="{close:.2f}"'
    )
    return sheet("#1E2D28", moved(bars, "", f'opacity="{fade:.2f}"') if fade > 0 else "", words)


# ---- the sticker comes off ----


def qr_peel(t: float) -> str:
    peel = ease(t, 1.5, 3.0)
    sign = rect(0, 0, 560, HEIGHT, "#1463D8") + word("qr.1", 280, 130, 84, "#FFF", 0.5)
    code = rect(90, 190, 380, 380, "#FFF") + _code(110, 210, 340, 7, "#111")
    top = rect(76, 176, 408, 408, "#FFE600") + _code(110, 210, 340, 21, "#111")
    off = moved(
        top,
        f"translate({760 * peel:.0f} {120 * math.sin(math.pi * peel) - 40 * peel:.0f}) rotate({14 * peel:.1f} 280 380)",
    )
    eye = _eye(1040, 350, 1 - ease(t, 3.0, 3.3), t)
    first = word("qr.2", 640, 664, 110, "#111", 0, f'opacity="{ease(t, 3.0, 3.4):.2f}"')
    foot = word("qr.3", 60, 660, 36, "#FFF", 0, f'opacity="{ease(t, 3.8, 4.2):.2f}"')
    return sheet("#F4F1E8", sign, code, off, eye if t > 3.0 else "", first, foot)


def _eye(x: float, y: float, lid: float, t: float) -> str:
    open_ = 1 - lid
    look = 18 * math.sin(t * 2.4)
    lids = f"M{x - 130} {y}Q{x} {y - 150 * open_:.0f} {x + 130} {y}Q{x} {y + 150 * open_:.0f} {x - 130} {y}Z"
    white = f'<path d="{lids}" fill="#FFF" stroke="#111" stroke-width="10"/>'
    return white + (disc(x + look, y, 42 * open_, "#111") if open_ > 0.2 else "")


@cache
def _code(x: float, y: float, side: float, seed: int, ink: str) -> str:
    """A square of random modules with three finders: it looks like a QR code and says nothing."""
    pick, n = random.Random(seed), 21  # noqa: S311 - a picture
    cell = side / n
    corners = ((0, 0), (n - 7, 0), (0, n - 7))
    free = [(i, j) for j in range(n) for i in range(n) if not any(a - 1 <= i <= a + 7 and b - 1 <= j <= b + 7 for a, b in corners)]
    body = "".join(
        f"M{x + i * cell:.1f} {y + j * cell:.1f}h{cell + 0.4:.1f}v{cell + 0.4:.1f}h{-cell - 0.4:.1f}z"
        for i, j in free
        if pick.random() < 0.5
    )
    rings = ""
    for a, b in corners:
        rings += rect(
            x + (a + 0.5) * cell,
            y + (b + 0.5) * cell,
            6 * cell,
            6 * cell,
            "none",
            f'stroke="{ink}" stroke-width="{cell:.1f}"',
        )
        rings += rect(x + (a + 2) * cell, y + (b + 2) * cell, 3 * cell, 3 * cell, ink)
    return f'<path d="{body}" fill="{ink}"/>' + rings


# ---- four words and a tune ----

WORDS = (("teapot", "#FF6B4A", 0.4), ("comet", "#FFC531", 1.9), ("velvet", "#7C5CFF", 3.4), ("seven", "#27B59A", 4.9))


def four_words(t: float) -> str:
    end = ease(t, 6.4, 6.9)
    body = ""
    for i, (name, colour, at) in enumerate(WORDS):
        k = pop(t, at, 0.5)
        if k > 0:
            rise = ease(t, at, at + 0.5)
            body += rect(0, i * 150 + 150 * (1 - rise), 1280, 150 * rise + 1, colour)
            hop = 10 * abs(math.sin((t - at) * 4.2)) * (1 - end)
            body += moved(word("tune." + name, 0, 0, 112, "#FFF8EC"), f"translate(60 {i * 150 + 112 - hop:.1f}) scale({k:.3f})")
            body += "".join(_quaver(810 + n * 116, i * 150 + 82, t - at - n * 0.33) for n in range(4))
    cover = rect(0, 720 - 120 * end, 1280, 120, "#1B1420") + word("tune.end", 60, 720 - 120 * end + 80, 56, "#FFF8EC")
    return sheet("#1B1420", body, cover if end > 0 else "")


def _quaver(x: float, y: float, age: float) -> str:
    if age < 0:
        return ""
    k = pop(age, 0, 0.3)
    return moved(
        '<path d="M12-60v78a24 18 0 1 1-10-14v-64z" fill="#FFF8EC"/>',
        f"translate({x} {y - 14 * math.sin(age * 4):.1f}) scale({k:.2f})",
    )


def _tune() -> tuple[Note, ...]:
    rows = ((392, 440, 494, 587), (659, 587, 494, 440), (392, 494, 587, 784), (740, 587, 494, 392))
    song = [(at + n * 0.33, float(p), 0.8, 0.5) for (_, _, at), row in zip(WORDS, rows, strict=True) for n, p in enumerate(row)]
    bass = [(at, p, 1.6, 0.5) for (_, _, at), p in zip(WORDS, (196.0, 147.0, 165.0, 98.0), strict=True)]
    return (*song, *bass, (6.4, 784.0, 1.4, 0.4), (6.4, 196.0, 1.5, 0.5))


CLIPS: dict[str, Clip] = {
    "six-boxes": Clip(
        7,
        six_boxes,
        tuple((0.3 + i * 0.22, 660.0, 0.2, 0.4) for i in range(6))
        + tuple((4.2 + i * 0.16, 180.0 + 30 * i, 0.4, 0.6) for i in range(6)),
    ),
    "hook": Clip(
        6.5,
        hook,
        ((0.2, 330, 1.4, 0.3), (2.6, 220, 0.6, 0.4), (3.4, 294, 0.3, 0.5), (3.7, 440, 0.9, 0.4), (4.7, 587, 1.2, 0.5)),
    ),
    "pixel-face": Clip(
        5,
        pixel_face,
        (
            (1.3, 1320, 0.15, 0.5),
            (1.6, 523, 0.5, 0.4),
            (2.1, 392, 0.5, 0.4),
            (2.6, 262, 0.9, 0.5),
            (3.1, 523, 1.0, 0.4),
        ),
    ),
    "flip-login": Clip(
        6.5,
        flip_login,
        (
            *tuple((0.85 + i / 7, 900.0, 0.06, 0.25) for i in range(14)),
            (2.2, 147, 1.2, 0.6),
            (3.4, 196, 1, 0.4),
            (4.9, 294, 1.4, 0.5),
        ),
    ),
    "moon-update": Clip(
        6.5,
        moon_update,
        tuple((0.4 + i * 0.8, p, 1.6, 0.35) for i, p in enumerate((262.0, 330.0, 392.0, 523.0, 659.0, 523.0))),
    ),
    "call-wave": Clip(
        6.5,
        call_wave,
        (*tuple((i * 0.31, 98.0 + i * 37 % 60, 0.4, 0.6) for i in range(13)), (4.5, 392, 1.6, 0.4), (4.5, 294, 1.6, 0.4)),
    ),
    "qr-peel": Clip(
        6,
        qr_peel,
        ((1.5, 240, 0.5, 0.3), (1.8, 320, 0.5, 0.3), (2.1, 420, 0.6, 0.3), (3.0, 175, 1.4, 0.6), (3.8, 523, 1.0, 0.3)),
    ),
    "four-words": Clip(8, four_words, _tune()),
}
