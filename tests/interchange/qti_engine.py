"""A second reading of QTI: scores an item as a delivery system would, from its own declarations and rules, knowing no question."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

Values = dict[str, list[str] | None]


class Engine:
    """Runs the response processing of one item; `score(responses)` is what its SCORE ends as."""

    def __init__(self, item: bytes) -> None:
        self.root = etree.fromstring(item)
        for element in self.root.iter():
            name = etree.QName(element.tag).localname.removeprefix("qti-")
            element.tag = _camel(name)
            for key in [k for k in element.attrib if "-" in str(k) and not str(k).startswith("{")]:
                element.set(_camel(str(key)), element.attrib.pop(key))
        self.declared = {d.get("identifier"): d for d in self.root.iter("responseDeclaration")}

    def score(self, responses: Values) -> tuple[float, set[str]]:
        """Returns SCORE and the identifiers in FEEDBACK."""
        self.given: dict[str, Any] = dict(responses)
        self.out: dict[str, Any] = {"FEEDBACK": None}
        for outcome in self.root.iter("outcomeDeclaration"):
            start = outcome.findtext("defaultValue/value")
            self.out[str(outcome.get("identifier"))] = float(start) if start else None
        rules = self.root.find("responseProcessing")
        assert rules is not None
        template = str(rules.get("template", "")).rpartition("/")[2].removesuffix(".xml")
        if template == "match_correct":
            self.out["SCORE"] = float(self.given["RESPONSE"] is not None and self._same("RESPONSE"))
        elif template == "map_response":
            self.out["SCORE"] = self._mapped("RESPONSE") if self.given["RESPONSE"] is not None else 0.0
        self._run(list(rules))
        return self.out["SCORE"], set(self.out["FEEDBACK"] or [])

    def _run(self, rules: list[Any]) -> None:
        for rule in rules:
            if rule.tag == "setOutcomeValue":
                self.out[rule.get("identifier")] = self._value(rule[0])
            else:
                for branch in rule:
                    if branch.tag == "responseElse" or self._value(branch[0]) is True:
                        self._run(list(branch)[0 if branch.tag == "responseElse" else 1 :])
                        break

    def _correct(self, name: str) -> list[str]:
        return [value.text or "" for value in self.declared[name].iterfind("correctResponse/value")]

    def _same(self, name: str) -> bool:
        given, right = self.given[name], self._correct(name)
        ordered = self.declared[name].get("cardinality") == "ordered"
        return bool(given == right if ordered else sorted(given) == sorted(right))

    def _mapped(self, name: str) -> float:
        mapping = self.declared[name].find("mapping")
        assert mapping is not None
        total = 0.0
        for value in self.given[name] or []:
            total += next(
                (float(e.get("mappedValue")) for e in mapping if self._hits(e, value)), float(mapping.get("defaultValue", 0))
            )
        low, high = mapping.get("lowerBound"), mapping.get("upperBound")
        total = max(total, float(low)) if low is not None else total
        return min(total, float(high)) if high is not None else total

    def _hits(self, entry: Any, value: str) -> bool:
        key = entry.get("mapKey")
        return bool(key == value if entry.get("caseSensitive", "true") == "true" else key.casefold() == value.casefold())

    def _value(self, e: Any) -> Any:
        parts = [] if e.tag in {"variable", "correct", "baseValue", "mapResponse"} else [self._value(part) for part in e]
        if e.tag == "variable":
            name = e.get("identifier")
            given = self.given[name] if name in self.given else self.out[name]
            declared = self.declared.get(name)
            single = declared is not None and declared.get("cardinality") == "single"
            if single and given is not None:
                return _typed(given[0], declared.get("baseType"))
            return given
        if e.tag == "correct":
            right = self._correct(e.get("identifier"))
            single = self.declared[e.get("identifier")].get("cardinality") == "single"
            return _typed(right[0], self.declared[e.get("identifier")].get("baseType")) if single else right
        if e.tag == "baseValue":
            return _typed(e.text or "", e.get("baseType"))
        if e.tag == "mapResponse":
            return self._mapped(e.get("identifier"))
        if e.tag == "multiple":
            return [v for part in parts if part is not None for v in (part if isinstance(part, list) else [part])]
        if e.tag == "isNull":
            return parts[0] is None or parts[0] == []
        if any(part is None for part in parts):
            return None
        return self._operator(e, parts)

    def _operator(self, e: Any, parts: list[Any]) -> Any:
        if e.tag == "index":
            at = int(e.get("n")) - 1
            return parts[0][at] if at < len(parts[0]) else None
        if e.tag == "equal":
            low, high = (float(bound) for bound in e.get("tolerance").split())
            return parts[1] - low <= parts[0] <= parts[1] + high
        if e.tag == "stringMatch":
            return parts[0] == parts[1] if e.get("caseSensitive") == "true" else parts[0].casefold() == parts[1].casefold()
        if e.tag == "patternMatch":
            return re.fullmatch(e.get("pattern"), parts[0], re.DOTALL) is not None
        simple = {
            "match": lambda a, b: a == b, "member": lambda a, b: a in b, "lt": lambda a, b: a < b, "gt": lambda a, b: a > b,
            "gte": lambda a, b: a >= b,
            "lte": lambda a, b: a <= b, "divide": lambda a, b: a / b, "product": lambda a, b: a * b,
        }  # fmt: skip
        return (
            all(parts)
            if e.tag == "and"
            else any(parts)
            if e.tag == "or"
            else sum(parts)
            if e.tag == "sum"
            else simple[e.tag](*parts)
        )


def _typed(text: str, base: str) -> Any:
    return float(text) if base in {"float", "integer"} else text


def _camel(name: str) -> str:
    head, *rest = name.split("-")
    return head + "".join(part.title() for part in rest)
