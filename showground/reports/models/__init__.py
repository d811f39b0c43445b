"""What the desk keeps. Every `sealed` column is ciphertext (vault/boxes.py); no column holds a reporter's words or name in clear."""

from showground.reports.models.cases import (
    Appeal,
    Case,
    CaseLink,
    Clock,
    Decision,
    Partner,
    Proposal,
    Reasons,
    Recusal,
    Referral,
    StaffNote,
)
from showground.reports.models.desk import Booth, DeskKey, Event, HoldEnd, Holder, LegalBasis, Shift
from showground.reports.models.open import Batch, Card, Channel, FigureSnapshot
from showground.reports.models.reports import (
    Deletion,
    Evidence,
    Identity,
    IdentityAccess,
    IdentityHalf,
    Mark,
    Message,
    Report,
    Wrap,
)

__all__ = [
    "Appeal", "Batch", "Booth", "Card", "Case", "CaseLink", "Channel", "Clock", "Decision", "Deletion", "DeskKey", "Event", "Evidence",
    "FigureSnapshot", "HoldEnd", "Holder", "Identity", "IdentityAccess", "IdentityHalf", "LegalBasis", "Mark", "Message", "Partner",
    "Proposal", "Reasons", "Recusal", "Referral", "Report", "Shift", "StaffNote", "Wrap",
]  # fmt: skip
