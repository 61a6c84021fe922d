"""Lines given besides the care that explains them: where they part from those it gives, and by which articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.domain.cotation.lignes import LigneCotee, SeanceCotee
from fse.norm.model.saisie import Saisie


def check_lines_given(saisie: Saisie, cotees: Sequence[SeanceCotee]) -> Iterator[Finding]:
    """Code `cotation.ecart`, an error, when lines are given and differ; its source quotes what makes those of the first
    session that differs: an act may change the rank of another.
    """
    billed = [(cotee, one.prestation) for cotee in cotees for one in cotee.lignes if one.prestation is not None]
    given = saisie.facture.prestations
    pairs = enumerate(zip_longest(given, (one for _, one in billed)))
    rang = next((rang for rang, (one, other) in pairs if one != other), None)
    if not given or rang is None:
        return
    parting = billed[rang][0] if rang < len(billed) else cotees[-1]
    constat = finding(
        "cotation.ecart",
        Place(type="facture", champ="prestation"),
        facture=saisie.reference,
        total=format_euros(saisie.facture.total_honoraires),
        attendu=format_euros(sum(one.honoraires for _, one in billed)),
        ligne=rang + 1,
    )
    yield replace(constat, source=" ; ".join(_articles(parting.lignes)) or constat.source)


def _articles(lignes: Iterable[LigneCotee]) -> Iterator[str]:
    """Those of the rules that made these lines, then those of their values, each once."""
    steps = [step for one in lignes for step in one.justifications]
    ordered = sorted(steps, key=lambda step: not step.regle)
    yield from dict.fromkeys(step.article for step in ordered if step.article)
