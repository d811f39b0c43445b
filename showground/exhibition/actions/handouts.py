"""Hand-outs: laid out, changed, given a file, taken away."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from showground.exhibition.actions.record import forget
from showground.exhibition.models import Hall, Handout
from showground.exhibition.queries.handouts import CATEGORY, LICENCES
from showground.media.boards import clean
from showground.rules.refused import Refused
from showground.works.models import Work


@transaction.atomic
def lay_out(hall: Hall, *, code: str, kind: str, **told: Any) -> Handout:
    """The hall has one more hand-out; visitors see it when its file is there and safe."""
    if hall.handouts.filter(code=code).exists():
        raise Refused("handout.code", code=code)
    return Handout.objects.create(hall=hall, code=code, kind=kind, **_told(**told))


@transaction.atomic
def change(handout: Handout, *, kind: str, **told: Any) -> Handout:
    """The hand-out is called and credited like this; another kind of file needs another hand-out."""
    if handout.work is not None and CATEGORY[Handout.Kind(kind)] != CATEGORY[Handout.Kind(handout.kind)]:
        raise Refused("handout.kind")
    made = {"kind": kind, **_told(**told)}
    for name, value in made.items():
        setattr(handout, name, value)
    handout.save(update_fields=list(made))
    return handout


def _told(*, title: dict[str, str], about: dict[str, str], language: str, credit: str, licence: str, order: int) -> dict[str, Any]:
    if licence not in LICENCES:
        raise Refused("handout.licence")
    texts = {name: {lang: clean(said) for lang, said in held.items()} for name, held in (("title", title), ("about", about))}
    return {**texts, "language": language, "credit": clean(credit), "licence": licence, "order": order}


@transaction.atomic
def attach(handout: Handout, work: Work) -> Handout:
    """The hand-out is this file from now on, as soon as the jail has made it safe; the one before is gone."""
    before, handout.work = Handout.objects.select_for_update(of=("self",)).get(pk=handout.pk).work, work
    handout.save(update_fields=["work"])
    forget(before)
    return handout


@transaction.atomic
def drop(handout: Handout) -> None:
    """The hall has no such hand-out any more, and its file is gone; how often it was taken stays counted."""
    work = handout.work
    handout.delete()
    forget(work)
