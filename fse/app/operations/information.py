"""`information`: what a patient is told before the care of fees above the tariff: how much, why, not reimbursed.

In the optional sector it is the estimate that is given before an operation (draft convention, article 44). It is made
from the facts as the software writes them, priced as if it had been given: that it has been is then said in the facts
(`information`, `devis`), without which the overrun is refused. Nothing is recorded.
Source: S4 art. 42.1, 42.2, 44; regles.md I.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.personnes import name_of
from fse.app.operations.cotation.circonstances import practice_of
from fse.app.operations.cotation.facture import FactureCotee
from fse.app.operations.coter import coter
from fse.app.operations.delivery import PRIVATE, deliver
from fse.app.operations.practice import Practice
from fse.base.errors import UsageError
from fse.base.findings import Finding, Place, finding
from fse.norm.codec import documents, xml
from fse.norm.model.contexte import Identite
from fse.norm.model.saisie import DocumentFactures, Saisie
from fse.norm.model.soins import ActeRealise, Seance, Soins
from fse.norm.referentiels.parametres import EN_PROJET, PROJET_2011

__all__ = ["Information", "InformationEcrite", "LigneInformation", "RenduInformation", "information"]

_OPTIONNEL = "secteur-optionnel"


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneInformation:
    """An act to come, in centimes: `tarif` is what the reimbursement is computed on. `genre` and `motif` are "" for an
    act at the tariff.
    """

    date_soins: date
    code_acte: str
    libelle: str
    tarif: int
    depassement: int
    genre: str
    motif: str

    @property
    def honoraires(self) -> int:
        return self.tarif + self.depassement


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Information:
    """One notice, the patient named in clear: its text form shows nothing of them. `praticien` bills, `soignants`
    are those who treat in their name. `devis`: it is an estimate;
    `projet`: the draft that it is priced by, in French, "" when that is the law.
    """

    marque: str
    reference: str
    praticien: str
    numero: str
    soignants: tuple[str, ...]
    patient: Identite
    devis: bool
    projet: str
    lignes: tuple[LigneInformation, ...]
    le: date

    def __repr__(self) -> str:
        return f"Information({self.reference})"

    @property
    def tarif(self) -> int:
        """Centimes."""
        return sum(one.tarif for one in self.lignes)

    @property
    def depassement(self) -> int:
        """Centimes: what nobody reimburses."""
        return sum(one.depassement for one in self.lignes)

    @property
    def honoraires(self) -> int:
        return self.tarif + self.depassement


RenduInformation = Callable[[Information], bytes]
"""Makes the document, the same bytes for the same notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationEcrite:
    """What was written, in centimes; `chemin` is `None` when an error of `constats` forbids the bill itself. Nothing
    personal.
    """

    reference: str
    devis: bool
    tarif: int
    depassement: int
    chemin: Path | None
    constats: tuple[Finding, ...]


def information(
    cabinet: Cabinet,
    entree: bytes,
    reference: str,
    sortie: Path,
    rendu: RenduInformation,
    practice: Practice | None = None,
    *,
    le: date,
) -> InformationEcrite:
    """Write the notice of an invoice of a document to `sortie`, which only its owner reads, dated `le`.

    `practice`: its journal open, as for `coter`. Raises `UsageError`: `information.reference`,
    `information.sans_depassement`, those of `rendu`; `StorageError` (`sortie.differente`, `sortie.impossible`).
    """
    document, constats = documents.read(entree)
    if document is None:
        return _refused(reference, tuple(constats))
    rang = _place(document, reference)
    given = replace(
        document,
        factures=tuple(_as_told(one) if place == rang else one for place, one in enumerate(document.factures)),
    )
    (priced,) = coter(cabinet, [xml.build(given)], practice)
    cotee = priced.factures[rang]
    if any(one.is_error for one in cotee.constats):
        return _refused(reference, cotee.constats)
    notice = _notice(cabinet, cotee, le)
    deliver(sortie, rendu(notice), PRIVATE)
    late = tuple(_late(cotee.saisie, le))
    return InformationEcrite(
        reference=reference,
        devis=notice.devis,
        tarif=notice.tarif,
        depassement=notice.depassement,
        chemin=sortie,
        constats=(*cotee.constats, *late),
    )


def _late(saisie: Saisie, le: date) -> Iterator[Finding]:
    """Code `information.soins_passes`: of care already given, nobody can be told before it. The first of it."""
    done = [(rang, one.date_soins) for rang, one in enumerate(_seances(saisie), start=1) if one.date_soins < le]
    for rang, day in done[:1]:
        place = Place(type="facture", champ=f"soins/seance[{rang}]/date_soins")
        yield finding("information.soins_passes", place, facture=saisie.reference, seance=rang, jour=f"{day:%d/%m/%Y}")


def _refused(reference: str, constats: tuple[Finding, ...]) -> InformationEcrite:
    return InformationEcrite(reference=reference, devis=False, tarif=0, depassement=0, chemin=None, constats=constats)


def _place(document: DocumentFactures, reference: str) -> int:
    """The place of the one invoice that bears this reference and asks for an overrun."""
    found = [place for place, one in enumerate(document.factures) if one.reference == reference]
    if len(found) != 1:
        known = ", ".join(one.reference for one in document.factures)
        raise UsageError(
            "information.reference",
            f"{'Plusieurs factures portent' if found else 'Aucune facture ne porte'} la référence {reference}.",
            action="Donner un document d'un seul praticien." if found else f"Donner l'une de : {known}.",
        )
    saisie = document.factures[found[0]]
    if not any(acte.depassement and acte.depassement.montant for seance in _seances(saisie) for acte in seance.actes):
        raise UsageError(
            "information.sans_depassement",
            f"Les soins de {reference} ne disent aucun dépassement demandé.",
            action="Le dire de l'acte (depassement : genre, montant, motif), ou ne rien remettre au patient.",
        )
    return found[0]


def _seances(saisie: Saisie) -> tuple[Seance, ...]:
    return saisie.soins.seances if saisie.soins is not None else ()


def _as_told(saisie: Saisie) -> Saisie:
    """The same facts, the patient told of every overrun: what the notice is about to do."""
    soins = saisie.soins
    assert soins is not None
    return replace(saisie, soins=_with_sessions(soins))


def _with_sessions(soins: Soins) -> Soins:
    return replace(soins, seances=tuple(replace(one, actes=tuple(map(_told_act, one.actes))) for one in soins.seances))


def _told_act(acte: ActeRealise) -> ActeRealise:
    if acte.depassement is None:
        return acte
    return replace(acte, depassement=replace(acte.depassement, information=True, devis=True))


def _notice(cabinet: Cabinet, cotee: FactureCotee, le: date) -> Information:
    saisie = cotee.saisie
    numero = saisie.facture.prestataire
    treating = dict.fromkeys(one.executant or saisie.remplacant or numero for one in _seances(saisie))
    sectors = {practice_of(cabinet, saisie, one).secteur for one in _seances(saisie)}
    return Information(
        marque=cabinet.marque,
        reference=saisie.reference,
        praticien=name_of(cabinet, numero)[0],
        numero=numero,
        soignants=tuple(name_of(cabinet, one)[0] or one for one in treating if one != numero),
        patient=saisie.contexte.identite_beneficiaire,
        devis=_OPTIONNEL in sectors,
        projet=EN_PROJET if cabinet.cotation.regime == PROJET_2011 else "",
        lignes=tuple(_lines(cabinet, cotee)),
        le=le,
    )


def _lines(cabinet: Cabinet, cotee: FactureCotee) -> Iterator[LigneInformation]:
    for seance, priced in zip(_seances(cotee.saisie), cotee.seances, strict=True):
        for ligne in priced.lignes:
            asked = seance.actes[ligne.rang - 1].depassement
            if ligne.prestation is None:
                continue
            yield LigneInformation(
                date_soins=seance.date_soins,
                code_acte=ligne.code_acte,
                libelle=ligne.libelle
                if ligne.acte
                else cabinet.listes.label("lettre_cle", ligne.code_acte, seance.date_soins),
                tarif=ligne.montant,
                depassement=ligne.depassement,
                genre=asked.genre if asked is not None else "",
                motif=asked.motif if asked is not None else "",
            )
