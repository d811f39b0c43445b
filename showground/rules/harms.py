"""The nine kinds of harm that the report desk takes, and no others.

The list is code on purpose: a tenth kind is a release that everybody can read, not a setting. It protects people; it has no place
for opinion. What speech, elections, reputation or rumours would need is excluded below by name, and a test tries to get it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Harm:
    """One kind of harm: who may complain of it, how fast somebody looks, and its names in the systems of others.

    `dsa` is the category of the DSA transparency database, `keywords` its keywords; `xarf` is (class, type) of X-ARF v4 or None.
    `look_hours` is the deadline of the first look; `target_only`: only the target, a guardian or the holder of the right may complain.
    """

    code: str
    dsa: str
    keywords: tuple[str, ...]
    xarf: tuple[str, str] | None
    look_hours: int
    target_only: bool = False
    advice: str = ""  # "bank": money first; "danger": emergency numbers first
    uploads: bool = True


HARMS: Final[tuple[Harm, ...]] = (
    Harm("scam", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", ("KEYWORD_OTHER",), ("content", "fraud"), 24, advice="bank"),
    Harm("phishing", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", ("KEYWORD_PHISHING",), ("content", "phishing"), 4, advice="bank"),
    Harm("malware", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", ("KEYWORD_OTHER",), ("content", "malware"), 4),
    Harm(
        "impersonation", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", ("KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",),
        ("content", "brand_infringement"), 24,
    ),
    Harm(
        "harassment", "STATEMENT_CATEGORY_CYBER_VIOLENCE", ("KEYWORD_CYBER_HARASSMENT",), None, 24,
        target_only=True, advice="danger",
    ),
    Harm(
        "intimate", "STATEMENT_CATEGORY_CYBER_VIOLENCE", ("KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",), None, 4,
        target_only=True, advice="danger", uploads=False,
    ),
    Harm(
        "privacy", "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", ("KEYWORD_OTHER",),
        ("content", "exposed_data"), 24, target_only=True,
    ),
    Harm(
        "rights", "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        ("KEYWORD_COPYRIGHT_INFRINGEMENT", "KEYWORD_TRADEMARK_INFRINGEMENT"), ("copyright", "ugc_platform"), 24, target_only=True,
    ),
    Harm(
        "child", "STATEMENT_CATEGORY_PROTECTION_OF_MINORS", ("KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",), None, 1,
        advice="danger", uploads=False,
    ),
)  # fmt: skip
CODES: Final = tuple(harm.code for harm in HARMS)
BY_CODE: Final = {harm.code: harm for harm in HARMS}

# What a desk of this kind must never be used for. Nothing in HARMS, in a decision or in an export may carry these.
EXCLUDED: Final = frozenset(
    {
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY",
        "KEYWORD_MISINFORMATION_DISINFORMATION",
        "KEYWORD_DEFAMATION",
        "KEYWORD_HATE_SPEECH",
    }
)
