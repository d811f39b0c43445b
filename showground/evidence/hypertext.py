"""The links and the words of an HTML mail, read by a scanner that takes time in proportion to the text, however it is broken."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.entities import html5

import ada_url

from showground.evidence.links import whole

# Attributes that make a client go somewhere, and what to call each.
GOES: dict[str, dict[str, str]] = {
    "a": {"href": "link", "xlink:href": "link"},
    "area": {"href": "link"},
    "form": {"action": "form"},
    "button": {"formaction": "form"},
    "input": {"formaction": "form", "src": "picture"},
    "img": {"src": "picture"},
    "iframe": {"src": "frame"},
    "frame": {"src": "frame"},
    "embed": {"src": "object"},
    "object": {"data": "object"},
    "script": {"src": "script"},
    "link": {"href": "resource"},
    "base": {"href": "base"},
    "body": {"background": "picture"},
    "table": {"background": "picture"},
    "td": {"background": "picture"},
    "video": {"src": "object", "poster": "picture"},
    "image": {"href": "picture", "xlink:href": "picture"},
}
LISTED = 2000
# Not "noscript": where mails are read no script runs, and its words are shown.
_VOID_TEXT = {"script", "style", "template", "title"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "td", "ul", "ol", "blockquote", "hr"}
# SPEC html 13.2.5: blanks are these five and no others; a name may begin with "=".
_TAG = re.compile(r"<(/?)([A-Za-z][^ \t\n\f\r/>]*)")
_ATTRIBUTE = re.compile(
    r"""[ \t\n\f\r/]*+([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"""
    r"""(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"([^"]*+)"?|'([^']*+)'?|([^ \t\n\f\r>]*+)))?+"""
)
_COMMENT_END = re.compile(r"--!?>")
_REFERENCE = re.compile(r"&(?:#[^;]{1,12};?|([A-Za-z][A-Za-z0-9]{1,40})(;|=)?)")
_BASE = re.compile(r"(?!data:|javascript:)[A-Za-z][A-Za-z0-9+.-]*:", re.IGNORECASE)
_REFRESH = re.compile(r"[\d.]{0,20} ?[;,]? ?url ?= ?['\"]?([^'\"]+)", re.IGNORECASE)
_CSS = re.compile(r"url\(\s*['\"]?((?:https?:)?//[^'\")\s]+)", re.IGNORECASE)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)


@dataclass
class Read:
    """What was found: (how, target, visible words) of each link in order, the visible text, and whether some of it is hidden."""

    links: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""
    hidden: int = 0
    password: bool = False


def read(source: str) -> Read:
    """Returns the links and words of an HTML text of any quality."""
    return _Scan(source).run()


class _Scan:
    def __init__(self, source: str) -> None:
        self.source, self.lower = source, source.lower()
        self.found = Read()
        self.words: list[str] = []
        self.open: tuple[str, int] | None = None  # the link that is open: its target and where its words begin
        self.base: str | None = None  # the first one counts, wherever it stands

    def run(self) -> Read:
        at, size = 0, len(self.source)
        while at < size:
            begin = self.source.find("<", at)
            if begin < 0:
                begin = size
            if begin > at:
                self.words.append(html.unescape(self.source[at:begin]))
            at = self._markup(begin) if begin < size else size
        self._close()
        self.found.links = [(how, goal, words) for how, raw, words in self.found.links if (goal := self._absolute(raw))][:LISTED]
        lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(self.words).split("\n"))
        self.found.text = "\n".join(line for line in lines if line)
        return self.found

    def _markup(self, at: int) -> int:
        """Reads what begins with "<" at a place and returns where it ends."""
        tag = _TAG.match(self.source, at)
        if tag is None:
            return self._other(at)
        name = tag[2].lower()
        if tag[1]:
            self._ended(name)
            end = self.source.find(">", tag.end())
            return end + 1 if end >= 0 else len(self.source)
        attributes, end = self._attributes(tag.end())
        self._begun(name, attributes)
        return self._raw(name, end) if name in _VOID_TEXT else end

    def _other(self, at: int) -> int:
        """Passes a comment, a declaration, or a bare "<"."""
        if self.source.startswith("<!--", at):
            # SPEC html 13.2.5.43: "<!-->" and "<!--->" are whole comments.
            for short in (">", "->"):
                if self.source.startswith(short, at + 4):
                    return at + 4 + len(short)
            closed = _COMMENT_END.search(self.source, at + 4)
            return closed.end() if closed else len(self.source)
        if self.source.startswith(("<!", "<?", "</"), at):
            end = self.source.find(">", at + 2)
            return end + 1 if end >= 0 else len(self.source)
        self.words.append("<")
        return at + 1

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        """Returns the attributes of a tag (the first of a name counts) and the place after its end."""
        found: dict[str, str] = {}
        while hit := _ATTRIBUTE.match(self.source, at):
            value = next((part for part in hit.groups()[1:] if part is not None), "")
            found.setdefault(hit[1].lower(), value)
            at = hit.end()
        end = self.source.find(">", at)
        return found, end + 1 if end >= 0 else len(self.source)

    def _raw(self, name: str, at: int) -> int:
        """Passes text that is never shown; its addresses are still noted."""
        end = self.lower.find(f"</{name}", at)
        if end < 0:
            end = len(self.source)
        for target in _CSS.findall(self.source[at:end])[:50]:
            self._link("style", target)
        return end

    def _begun(self, name: str, attributes: dict[str, str]) -> None:
        for attribute, how in GOES.get(name, {}).items():
            if attribute in attributes:
                self._target(name, how, _unescaped(attributes[attribute]).strip())
        if name == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            goal = _REFRESH.match(" ".join(html.unescape(attributes.get("content", "")).split()))
            self._link("refresh", goal[1].strip() if goal else "")
        if name == "img" and attributes.get("alt"):
            self.words.append(html.unescape(attributes["alt"]))
        self.found.hidden += bool(_HIDING.search(attributes.get("style", "")))
        self.found.password |= name == "input" and attributes.get("type", "").lower() == "password"
        for target in _CSS.findall(html.unescape(attributes.get("style", ""))):
            self._link("style", target)
        if name in _BREAKS:
            self.words.append("\n")

    def _target(self, name: str, how: str, target: str) -> None:
        if how == "base":
            self.base = target if self.base is None else self.base
        if name == "a":
            self._close()
            self.words.append(" ")  # two links side by side are two words, or they read as one address
            self.open = (target, len(self.words))
        else:
            self._link(how, target)

    def _ended(self, name: str) -> None:
        if name == "a":
            self._close()
            self.words.append(" ")
        if name in _BREAKS:
            self.words.append("\n")

    def _close(self) -> None:
        """Lists the link that was open, now that its words are known."""
        if self.open is not None:
            target, since = self.open
            self._link("link", target, re.sub(r"\s+", " ", "".join(self.words[since : since + 200])).strip()[:300])
        self.open = None

    def _link(self, how: str, target: str, visible: str = "") -> None:
        if len(self.found.links) < 2 * LISTED:
            self.found.links.append((how, target, visible))

    def _absolute(self, target: str) -> str:
        """Returns where a target leads, by the mail's own base if it has one; "" if it stays in the mail."""
        if self.base and _BASE.match(self.base) and target != self.base:
            try:
                return str(ada_url.join_url(self.base, whole(target)))
            except (ValueError, UnicodeError):
                return target
        return "" if not target or target.startswith(("#", "cid:", "about:")) else target


def _unescaped(value: str) -> str:
    """Returns an attribute's value (SPEC html 13.2.5.73: "&copy=1" is a parameter and no sign)."""
    return _REFERENCE.sub(_one, value) if "&" in value else value


def _one(hit: re.Match[str]) -> str:
    name, after = hit[1], hit[2] or ""
    if name is None or (after == ";" and f"{name};" in html5):
        return html.unescape(hit[0])
    return html5[name] if name in html5 and not after else hit[0]


def hidden_addresses(source: str, known: set[str]) -> list[str]:
    """Returns web addresses that stand in the source but in no link (comments, scripts, broken tags), at most 200."""
    every = dict.fromkeys(re.findall(r"https?://[^\s<>\"'\\)]{4,2000}", html.unescape(source), re.IGNORECASE))
    return [one for one in every if one not in known and one.rstrip("/") not in known][:200]
