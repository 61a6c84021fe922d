"""What a speech therapist has to do besides the care: reports, notes, requests, each dated by the line that it follows.

A pure function of what was billed. Some are over by themselves (a session was billed since: its request was there);
the others until a person says that they are done. Source: regles.md F.1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.ngap.orthophonie import LETTRE, SANS_ACCORD
from fse.domain.cotation.ngap.series import RENOUVELLEMENT, Classes
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.regles import Classe, Obligation, Regle

ORTHOPHONISTE = "orthophoniste"

_REQUESTS = (
    "orthophonie-accord-initial",
    "orthophonie-accord-apres-renouvellement",
    "orthophonie-accord-apres-renouvellement-2026",
)
"""The rules that ask for an agreement after an assessment: the first one, the others after one that renews."""

Fin = Literal["seance", "bilan", "personne"]
"""What ends a duty: the next session or assessment, the next assessment, or a person who says so."""

Key = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class LigneFacturee:
    """A line of an invoice that counts. `racine` is the number of the first invoice of its chain of corrections."""

    numero: int
    racine: int
    soin: SoinPasse


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationDue:
    """Something to do. `nature` is its rule; `rang` tells apart those of one nature that an invoice gives rise to.

    `depuis` is the day on which it arose: no text read gives a last day. `libelle` and `action` are French.
    """

    nature: str
    prestataire: str
    numero: int
    racine: int
    rang: int
    depuis: date
    libelle: str
    action: str
    article: str

    @property
    def key(self) -> Key:
        """What tells it apart, whatever corrections its invoice goes through."""
        return self.nature, self.prestataire, self.racine, self.rang


def due(lignes: Iterable[LigneFacturee], bareme: Bareme, le: date) -> list[ObligationDue]:
    """What is due on a day after these lines, of whatever patients, oldest first; what a person closed is still there.

    Raises `UsageError` when a parameter is not known on that day.
    """
    patients: dict[str, list[LigneFacturee]] = {}
    for ligne in lignes:
        if ligne.soin.code_acte == LETTRE and ligne.soin.date_soins <= le:
            patients.setdefault(ligne.soin.patient, []).append(ligne)
    found = [one for history in patients.values() for one in _Treatment(bareme).follow(history, le)]
    return sorted(found, key=lambda one: (one.depuis, one.prestataire, one.numero, one.nature, one.rang))


class _Treatment:
    """What one patient's lines give rise to, one after the other."""

    def __init__(self, bareme: Bareme) -> None:
        self._bareme = bareme
        self._due: list[tuple[Fin, ObligationDue]] = []
        self._ranks: Counter[tuple[str, str, int]] = Counter()
        self._counts: Counter[str] = Counter()

    def follow(self, history: list[LigneFacturee], le: date) -> Iterator[ObligationDue]:
        last: LigneFacturee | None = None
        for ligne in sorted(history, key=lambda one: (one.soin.date_soins, one.soin.heure)):
            regles = self._regles(ligne.soin.date_soins)
            classe = Classes(one for one in regles.values() if isinstance(one, Classe)).of(ligne.soin)
            if classe is not None and classe.bilan:
                self._assess(ligne, regles)
                last = None
            elif classe is not None and classe.serie:
                self._attend(ligne, classe)
                last = ligne
        if last is not None:
            self._end(last, le)
        return (one for _, one in self._due)

    def _assess(self, ligne: LigneFacturee, regles: Mapping[str, Regle]) -> None:
        soin = ligne.soin
        self._over("seance", "bilan")
        self._counts.clear()
        self._add("orthophonie-compte-rendu", ligne, "personne")
        renews = RENOUVELLEMENT in soin.etiquettes
        asked = any(one in regles for one in (_REQUESTS[1:] if renews else _REQUESTS[:1]))
        lifted = renews and SANS_ACCORD in regles
        if soin.bilan == "avec-reeducation" and asked and not lifted:
            self._add("orthophonie-demande-apres-bilan", ligne, "seance")
        if soin.bilan == "investigation":
            self._add("orthophonie-ordonnance-attendue", ligne, "seance")

    def _attend(self, ligne: LigneFacturee, classe: Classe) -> None:
        le = ligne.soin.date_soins
        self._over("seance")
        self._counts[classe.serie] += 1
        count = self._counts[classe.serie]
        last = self._bareme.valeur(f"{classe.serie}_bilan", le).valeur
        if count == self._bareme.valeur(f"{classe.serie}_premiere", le).valeur:
            self._add("orthophonie-demande-de-renouvellement", ligne, "seance")
            if classe.note:
                self._add("orthophonie-note-de-renouvellement", ligne, "personne")
        if count == last:
            self._add("orthophonie-bilan-a-prescrire", ligne, "bilan")

    def _end(self, ligne: LigneFacturee, le: date) -> None:
        """No session for long: the treatment may be over, and its note due, unless that of a renewal stands for it."""
        jours = self._bareme.valeur("orthophonie_fin_de_traitement", le).valeur
        depuis = ligne.soin.date_soins + timedelta(days=jours)
        noted = any(
            one.nature == "orthophonie-note-de-renouvellement" and one.depuis == ligne.soin.date_soins
            for _, one in self._due
        )
        if depuis <= le and not noted:
            self._add("orthophonie-note-de-fin", ligne, "personne", depuis)

    def _add(self, nature: str, ligne: LigneFacturee, fin: Fin, depuis: date | None = None) -> None:
        regle = self._regles(ligne.soin.date_soins).get(nature)
        if not isinstance(regle, Obligation):
            return
        soin = ligne.soin
        self._ranks[nature, soin.prestataire, ligne.racine] += 1
        one = ObligationDue(
            nature=nature,
            prestataire=soin.prestataire,
            numero=ligne.numero,
            racine=ligne.racine,
            rang=self._ranks[nature, soin.prestataire, ligne.racine],
            depuis=depuis or soin.date_soins,
            libelle=regle.libelle,
            action=regle.action,
            article=regle.article,
        )
        self._due.append((fin, one))

    def _over(self, *fins: Fin) -> None:
        self._due = [(fin, one) for fin, one in self._due if fin not in fins]

    def _regles(self, le: date) -> Mapping[str, Regle]:
        return self._bareme.regles(le, ORTHOPHONISTE)
