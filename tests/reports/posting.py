"""An officer's process that posts a notice, run inside a site's shell so that it can be killed: `begin()`, then `again()`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from nacl.public import PrivateKey

from showground.reports.actions import decide, refer
from showground.reports.models import Holder, Referral
from showground.reports.queries.keys import Unlocked
from showground.vault import boxes
from tests.reports.office import LOG, NOW, an_office, written


def begin() -> None:
    """A notice is read by two and posted; the mail server is what the site's settings name."""
    office = an_office(Path(tempfile.mkdtemp(prefix="posting-", dir=settings.DATA)), settings)
    case = office.case()
    decide.propose(case, written("refer"), who=office.who("ada"), at=NOW, log=LOG)
    decide.confirm(case, who=office.who("ben"), at=NOW, log=LOG)
    referral = refer.read_referral(Referral.objects.get(), who=office.who("ben"), at=NOW, log=LOG)
    refer.send_referral(referral, who=office.who("ben"), week="sample", at=NOW, log=LOG)


def again() -> None:
    """Another officer comes with her own passphrase and posts it once more."""
    holder = Holder.objects.get(person__email="ada@desk.example")
    key = boxes.take_key(bytes(holder.kept), "a long passphrase of ada")
    who = Unlocked(holder, key, PrivateKey(boxes.unwrap(bytes(holder.desk_wrapped), key)))
    refer.post_again(Referral.objects.get(), who=who, week="sample", at=NOW + 600, log=LOG)
