"""The story of one invoice: what is answered to it, on which days after the start, in the words of a scenario."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fse.app.caisse.drawing.chance import Chance
from fse.app.caisse.drawing.rates import STORIES, Taux
from fse.app.caisse.facture import FactureJugee

Answer = dict[str, Any]
"""A `[[reponse]]`, as data."""

Day = tuple[int, Answer]

_DROITS, _ACCORD, _CAUSE, _CONSEQUENCE, _ANNULE, _LIGNE = "9934", "9930", "9931", "9932", "9933", "9901"
_CONTRAT, _ADHERENT = "9935", "9921"
_CLES = {"AMO": "amo", "AMC": "amc"}
_LETTRES = {"AMO": "O", "AMC": "C"}
_SILENCE = "silence"
_RAPPEL = {"code": "04", "type": "E"}


@dataclass(frozen=True, slots=True)
class Tale:
    """What a story is told of: some parts of an invoice, answered together from a first day on."""

    facture: FactureJugee
    parts: tuple[str, ...]
    first: int

    @property
    def partie(self) -> str:
        """The part to which something happens."""
        return self.parts[0]

    @property
    def demande(self) -> int:
        return self.facture.demandes[self.partie]

    def paid(self) -> Answer:
        return {_CLES[partie]: {"montant": self.facture.demandes[partie]} for partie in self.parts}

    def with_part(self, part: Mapping[str, Any], **more: Any) -> Answer:
        """All paid as asked but for the part to which something happens."""
        return self.paid() | {_CLES[self.partie]: part} | more

    def alone(self, part: Mapping[str, Any], **more: Any) -> Answer:
        """That part only."""
        return {_CLES[self.partie]: part, **more}

    def reject(self, code: str, niveau: str = "F", **more: Any) -> dict[str, Any]:
        return {"code": code, "niveau": niveau, "partie": _LETTRES[self.partie], **more}


def story_of(tale: Tale, taux: Taux, chance: Chance) -> list[Day]:
    """The answers to these parts, each with its day; none: silence. An unsound invoice is answered once."""
    if tale.facture.motif:
        return [(tale.first, {})]
    drawn = chance.one_of({name: getattr(taux, name) for name in STORIES})
    if drawn == _SILENCE:
        return []
    told = _TOLD[drawn](tale, chance) if drawn else [(tale.first, tale.paid())]
    absent = {_CLES[partie]: {"etat": "absent"} for partie in tale.facture.demandes if partie not in tale.parts}
    return [(jour, answer | absent) for jour, answer in told]


def _rejet(tale: Tale, chance: Chance) -> Iterator[Day]:
    codes = (_DROITS, "0250", _ACCORD, "0470") if tale.partie == "AMO" else (_ADHERENT, _CONTRAT)
    yield tale.first, tale.with_part({"etat": "R"}, rejets=[tale.reject(chance.pick(codes))])


def _rejet_ligne(tale: Tale, chance: Chance) -> Iterator[Day]:
    ligne = chance.between(1, len(tale.facture.prestations))
    rejets = [tale.reject(_LIGNE, "L", ligne=ligne)]
    answer = tale.paid() | {"rejets": rejets}
    del answer[_CLES[tale.partie]]  # what follows from the rejected line
    yield tale.first, answer


def _cascade(tale: Tale, chance: Chance) -> Iterator[Day]:
    ligne = chance.between(1, len(tale.facture.prestations))
    rejets = [tale.reject(_CAUSE, "L", ligne=ligne), tale.reject(_CONSEQUENCE)]
    yield tale.first, tale.with_part({"etat": "R"}, rejets=rejets)


def _differe(tale: Tale, chance: Chance) -> Iterator[Day]:
    yield tale.first, tale.with_part({"etat": "D"}, commentaire="TRAITEMENT CAISSE")
    yield tale.first + chance.between(5, 20), tale.alone({"montant": tale.demande})


def _paye_moins(tale: Tale, chance: Chance) -> Iterator[Day]:
    yield tale.first, tale.with_part({"montant": chance.between(0, tale.demande - 1)})


def _trop_paye(tale: Tale, chance: Chance) -> Iterator[Day]:
    yield tale.first, tale.with_part({"montant": tale.demande + chance.between(1, 1000)})


def _acompte(tale: Tale, chance: Chance) -> Iterator[Day]:
    deposit = chance.between(0, tale.demande - 1)
    yield tale.first, tale.with_part({"montant": deposit})
    yield tale.first + chance.between(3, 15), tale.alone({"montant": tale.demande - deposit})


def _rappel_negatif(tale: Tale, chance: Chance) -> Iterator[Day]:
    yield tale.first, tale.paid()
    taken = chance.between(1, tale.demande)
    yield tale.first + chance.between(5, 25), tale.alone({"montant": -taken}, **_RAPPEL)


def _rappel_positif(tale: Tale, chance: Chance) -> Iterator[Day]:
    short = chance.between(1, tale.demande)
    yield tale.first, tale.with_part({"montant": tale.demande - short})
    yield tale.first + chance.between(5, 25), tale.alone({"montant": short}, **_RAPPEL)


def _rejet_apres_paiement(tale: Tale, chance: Chance) -> Iterator[Day]:
    later = tale.first + chance.between(5, 25)
    yield tale.first, tale.paid()
    yield later, tale.alone({"montant": -tale.demande}, **_RAPPEL)
    yield later + 1, tale.alone({"etat": "R"}, rejets=[tale.reject(_ANNULE)])


def _paye_deux_fois(tale: Tale, chance: Chance) -> Iterator[Day]:
    yield tale.first, tale.paid()
    yield tale.first + chance.between(1, 10), tale.alone({"montant": tale.demande})


_TOLD: Mapping[str, Callable[[Tale, Chance], Iterator[Day]]] = {
    "rejet": _rejet,
    "rejet_ligne": _rejet_ligne,
    "cascade": _cascade,
    "differe": _differe,
    "paye_moins": _paye_moins,
    "trop_paye": _trop_paye,
    "acompte": _acompte,
    "rappel_negatif": _rappel_negatif,
    "rappel_positif": _rappel_positif,
    "rejet_apres_paiement": _rejet_apres_paiement,
    "paye_deux_fois": _paye_deux_fois,
}


def misnamed(answer: Answer, tale: Tale, taux: Taux, chance: Chance) -> Answer:
    """The answer, once in a while without its lot or under another one."""
    if chance.happens(taux.sans_lot):
        return answer | {"cite": {"lot": "absent", "date_lot": "absent"}}
    if chance.happens(taux.autre_lot):
        other = (tale.facture.reponse.numero_lot or 0) % 999 + 1
        return answer | {"cite": {"lot": other}}
    return answer


def designation(facture: FactureJugee, among: Sequence[FactureJugee]) -> Answer:
    """The keys that tell this invoice from the others: no more than it takes."""
    same = {one.cle for one in among if one.numero == facture.numero}
    if len(same) == 1:
        return {"numero": facture.numero}
    found: Answer = {"numero": facture.numero, "prestataire": facture.prestataire}
    if sum(cle[0] == facture.prestataire for cle in same) > 1:
        found["lot"] = facture.reponse.numero_lot
    return found
