"""Transfers: answers and money of one payee under one entity 071, by kind of return and place of care."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from fse.app.caisse.answering.invoice import Reponse102
from fse.app.caisse.scenario import ForfaitVoulu, MouvementVoulu, VirementVoulu
from fse.app.caisse.scenario.values import error, located
from fse.app.caisse.scenario.wanted import day_of
from fse.norm.codec.noemie.counting import WITHHELD
from fse.norm.model import GroupeVirement, TypeRetour

_FORFAITS, _RETENUES, _FLUX = "03", "05", "01"
"""Kinds of return (entity 081)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What transfers of one file share: the name of its payer, its id, its day, the day of the answer.

    `prestataires`: those of the lots that are answered, to know whom a scenario means when it names none.
    """

    nom: str
    identifiant: str
    jour: date
    le: date
    prestataires: tuple[str, ...]


@dataclass(slots=True)
class _Bag:
    """What is paid to one payee."""

    answers: list[Reponse102] = field(default_factory=list)
    forfaits: list[tuple[str, ForfaitVoulu]] = field(default_factory=list)
    mouvements: list[tuple[str, MouvementVoulu]] = field(default_factory=list)

    def is_paid(self) -> bool:
        return (
            any(part.montant_rembourse for one in self.answers for part in one.facture.parts)
            or any(one.forfait.montant for _, one in self.forfaits)
            or any(one.mouvement.operation == WITHHELD for _, one in self.mouvements)
        )


def transfers(
    voulu: VirementVoulu, answers: Sequence[Reponse102], context: Context, first: int
) -> list[GroupeVirement]:
    """The transfers of one `[[fichier.virement]]`: one, or one a prestataire. `first`: ordinal of the first, from 1.

    Raises `UsageError` (`scenario.fichier`) when money goes to nobody in particular, `scenario.valeur`.
    """
    bags: dict[str, _Bag] = {}
    for answer in answers:
        bags.setdefault(voulu.beneficiaire or answer.prestataire, _Bag()).answers.append(answer)
    for forfait in voulu.forfaits:
        payee = _payee(forfait.prestataire, forfait.lieu, voulu, bags, context)
        bags.setdefault(voulu.beneficiaire or payee, _Bag()).forfaits.append((payee, forfait))
    for mouvement in voulu.mouvements:
        payee = _payee(mouvement.prestataire, mouvement.lieu, voulu, bags, context)
        bags.setdefault(voulu.beneficiaire or payee, _Bag()).mouvements.append((payee, mouvement))
    if not bags and not voulu.reponses and not voulu.reste:
        bags[_payee(None, voulu.lieu, voulu, bags, context)] = _Bag()
    with located(voulu.lieu):
        return [_transfer(voulu, payee, bag, context, rank) for rank, (payee, bag) in enumerate(bags.items(), first)]


def _payee(named: str | None, lieu: str, voulu: VirementVoulu, bags: dict[str, _Bag], context: Context) -> str:
    """Whom money goes to: who is named, the payee of the transfer, the only one that it may be."""
    if named or voulu.beneficiaire:
        return named or voulu.beneficiaire or ""
    candidates = tuple(bags) or context.prestataires
    if len(candidates) != 1:
        raise error("scenario.fichier", "Plusieurs praticiens sont possibles : dire lequel.", lieu)
    return candidates[0]


def _transfer(voulu: VirementVoulu, payee: str, bag: _Bag, context: Context, rank: int) -> GroupeVirement:
    """One transfer; with nothing paid in it there is none, so no label unless the scenario gives one."""
    labels = (context.nom, f"VIR {context.identifiant}-{rank}") if bag.is_paid() else (None, None)
    return GroupeVirement(
        beneficiaire_reglement=payee,
        date_comptable=day_of(voulu.jour, context.le, context.jour),
        libelle_virement_1=(labels[0] if voulu.libelle_1 is None else voulu.libelle_1) or None,
        libelle_virement_2=(labels[1] if voulu.libelle_2 is None else voulu.libelle_2) or None,
        organisme_payeur=voulu.organisme or context.nom,
        retours=tuple(_kinds(payee, bag)),
    )


def _kinds(payee: str, bag: _Bag) -> Iterator[TypeRetour]:
    """One entity 081 a place and kind: places as they come, kinds in the order of their codes."""
    places = [one.lieu for one in bag.answers] + [place for place, _ in (*bag.forfaits, *bag.mouvements)]
    for place in dict.fromkeys(places):
        here = [one for one in bag.answers if one.lieu == place]
        forfaits = tuple(one.forfait for where, one in bag.forfaits if where == place)
        mouvements = tuple(one.mouvement for where, one in bag.mouvements if where == place)
        codes = (
            {one.code for one in here} | ({_FORFAITS} if forfaits else set()) | ({_RETENUES} if mouvements else set())
        )
        for code in sorted(codes):
            yield TypeRetour(
                code_retour=code,
                lieu_execution=place,
                factures=tuple(one.facture for one in here if one.code == code),
                forfaits=forfaits if code == _FORFAITS else (),
                mouvements=mouvements if code == _RETENUES else (),
            )
    if not places:
        yield TypeRetour(code_retour=_FLUX, lieu_execution=payee)
