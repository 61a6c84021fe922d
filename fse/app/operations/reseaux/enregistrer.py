"""Records what health networks pay besides the NGAP, with the document that brings it: all of it, or nothing.

The same reference with the same content is the same service. The amount is that of the network on the day of the
service; it stays what it was when it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.historique import patient_of
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.findings import Finding, Place, finding
from fse.base.identifiers import nir
from fse.infra.journal import Transaction
from fse.infra.journal.events import canonical
from fse.infra.journal.facts import derogatoires as ledger
from fse.norm.codec import xml
from fse.norm.model.derogatoire import PrestationDerogatoire
from fse.norm.model.saisie import DocumentFactures

if TYPE_CHECKING:
    from fse.domain.cotation.prestations.derogatoires import Jugement

_TERRITOIRE = "metropole"
"""The values that the NGAP gives do not matter here: only whether it has an act, which is the same everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DerogatoireEnregistree:
    """A service in the ledger. `montant` in centimes; `deja_connue` when an earlier call had recorded it."""

    reference: str
    reseau: str
    code: str
    montant: int
    deja_connue: bool


def check_derogatoires(document: DocumentFactures, today: date) -> Iterator[Finding]:
    """What the services of a document say against themselves: references, keys, dates."""
    seen: set[str] = set()
    for rang, one in enumerate(document.derogatoires, start=1):
        if nir.reads_as_nir(one.reference):
            yield _personal(rang)
            continue
        if one.reference in seen:
            yield _finding("reference_en_double", one, rang, "@reference")
        seen.add(one.reference)
        if not nir.check(one.assure.nir, one.assure.cle_nir):
            yield _finding("cle_nir", one, rang, "assure/cle_nir")
        if one.date > today:
            yield _finding("date_a_venir", one, rang, "date", jour=f"{one.date:%d/%m/%Y}")


def judged(cabinet: Cabinet, one: PrestationDerogatoire, rang: int) -> tuple[Jugement | None, list[Finding]]:
    """What the network and the rules say of a service, the `rang`th of its document; `None`: nothing can be judged."""
    if nir.reads_as_nir(one.reference):
        return None, [_personal(rang)]
    reseau = cabinet.reseau(one.adhesion_reseau.reseau)
    if reseau is None:
        lieu = f"Prestation « {one.reference} »"
        place = _place(rang, "adhesion_reseau/reseau")
        return None, [finding("reseau.inconnu", place, lieu=lieu, reseau=one.adhesion_reseau.reseau)]
    if not reseau.known(one.code):
        return None, [_finding("prestation_inconnue", one, rang, "code", prestation=one.code, reseau=reseau.nom)]
    from fse.domain.cotation.bareme import Bareme  # late: every document is checked, few ask a network for anything
    from fse.domain.cotation.prestations.derogatoires import judge

    jugement = judge(one, reseau, Bareme(_TERRITOIRE, cabinet.profil))
    return jugement, [_placed(constat, one, rang) for constat in jugement.constats]


class Derogatoire:
    """One service of a document facing the journal, inside the transaction that will record it."""

    def __init__(self, practice: Practice, transaction: Transaction, one: PrestationDerogatoire, rang: int) -> None:
        self._transaction = transaction
        self._one = one
        self._rang = rang
        content = xml.build(DocumentFactures(cabinet=practice.cabinet.cabinet, derogatoires=(one,)))
        self._fingerprint = practice.journal.coffre.content_fingerprint(content)
        self._known = ledger.find(transaction, one.reference)
        self._jugement, self._constats = (None, []) if self._known else judged(practice.cabinet, one, rang)

    def refusals(self) -> Iterator[Finding]:
        """What the journal says against it: its reference; and, of a new one, what its network and the rules say."""
        if self._known is not None and self._known.empreinte_saisie != self._fingerprint:
            yield _finding("reference_prise", self._one, self._rang, "@reference")
        yield from self._constats

    def record(self, today: date) -> DerogatoireEnregistree:
        """Write it in the ledger, unless it is there already. None of its `refusals` is an error."""
        one, jugement = self._one, self._jugement
        if self._known is not None:
            return self._result(self._known.montant, deja_connue=True)
        assert jugement is not None
        assert jugement.prestation is not None
        patient = one.beneficiaire
        ledger.record(
            self._transaction,
            ledger.DerogatoireRow(
                reference=one.reference,
                empreinte_saisie=self._fingerprint,
                reseau=one.adhesion_reseau.reseau,
                code=one.code,
                libelle=jugement.prestation.libelle,
                critere=jugement.prestation.critere,
                professionnel=one.professionnel,
                date_soins=to_days(one.date),
                nature=one.nature,
                patient_present=int(one.patient_present),
                montant=jugement.montant,
                patient=patient_of(self._transaction, one.assure, patient),
                personne=self._transaction.person(one.assure.nir, _identity(one)),
                enregistree_le=to_days(today),
            ),
        )
        return self._result(jugement.montant, deja_connue=False)

    def _result(self, montant: int, *, deja_connue: bool) -> DerogatoireEnregistree:
        return DerogatoireEnregistree(
            reference=self._one.reference,
            reseau=self._one.adhesion_reseau.reseau,
            code=self._one.code,
            montant=montant,
            deja_connue=deja_connue,
        )


def _identity(one: PrestationDerogatoire) -> bytes:
    """What the table of persons keeps with the NIR (encrypted): the document names nobody."""
    patient = one.beneficiaire
    said = {"date_naissance": patient.date_naissance, "rang_naissance": patient.rang_naissance}
    return canonical(said).encode()


def _place(rang: int, champ: str) -> Place:
    return Place(type="document", champ=f"derogatoire[{rang}]/{champ}" if champ else f"derogatoire[{rang}]")


def _personal(rang: int) -> Finding:
    """A reference that must not be printed."""
    return finding("reseau.reference_personnelle", _place(rang, "@reference"), rang=rang)


def _placed(constat: Finding, one: PrestationDerogatoire, rang: int) -> Finding:
    """The finding of a rule, its place being that of a document."""
    return replace(constat, message=f"Prestation « {one.reference} » : {constat.message}", place=_place(rang, ""))


def _finding(code: str, one: PrestationDerogatoire, rang: int, champ: str, **values: object) -> Finding:
    return finding(f"reseau.{code}", _place(rang, champ), reference=one.reference, **values)
