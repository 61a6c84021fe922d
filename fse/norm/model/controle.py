"""What the attributes of one input must agree on. Each disagreement is a finding; none is repaired.

Construction has already checked each attribute alone. Here: keys, roundings, sums, dates and who is paid, as far as
the public norm says them. Prices and code lists at a date are not checked here: that is `cotation`.

A finding names the invoice by its reference, and its place as the path of the input document
(`prestation[2]/montant_amo`, ranks from 1). Neither message nor place holds personal data.
Sources: b2.md 2, 3.6, 3.17, 3.20, 5 and 6; precisions.md "Amounts".
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.base.findings import Finding, Place, finding
from fse.base.identifiers import accident, nir, prestataire
from fse.base.money import format_euros, part_of
from fse.norm.model.facture import Facture, Prestation
from fse.norm.model.saisie import Saisie
from fse.norm.model.tiers_payant import PARTS_REGLEES

_TOTAL_MAX = 99_999_999
"""Each total of record 5 has 8 digits (b2.md 3.20)."""

_LINES_MAX = 9_999
"""The lines of a lot, details included, are counted in 4 digits of its record 6 (b2.md 3.4)."""


def check_saisie(saisie: Saisie) -> list[Finding]:
    """All disagreements in one input to secure, in the order of the document. Codes `saisie.*`."""
    facture = saisie.facture
    found = [
        *_identifiers(saisie),
        *_without_line(saisie),
        *_totals(saisie.reference, facture),
        *_lines(saisie.reference, facture),
        *_payee(saisie.reference, facture),
    ]
    for rang, prestation in enumerate(facture.prestations, start=1):
        found += _prestation(saisie.reference, facture, prestation, rang)
    return found


def _finding(code: str, reference: str, champ: str, **values: object) -> Finding:
    return finding(code, Place(type="facture", champ=champ), facture=reference, **values)


def _identifiers(saisie: Saisie) -> Iterator[Finding]:
    facture, reference = saisie.facture, saisie.reference
    if not nir.check(facture.assure.nir, facture.assure.cle_nir):
        yield _finding("saisie.cle_nir", reference, "assure/cle_nir", role="de l'assuré")
    fund = nir.anonymous_fund(facture.assure.nir)
    if fund and (facture.assure.regime, facture.assure.caisse, facture.assure.centre) != ("01", fund, "0000"):
        yield _finding("saisie.nir_anonyme", reference, "assure/caisse", caisse=fund)
    raison = accident.problem(facture.accident) if facture.accident is not None else None
    if raison:
        yield _finding("saisie.accident", reference, "accident", raison=raison)
    individuel = facture.beneficiaire.nir_individuel
    if individuel is not None and not nir.check(individuel.nir, individuel.cle_nir):
        yield _finding("saisie.cle_nir", reference, "beneficiaire/nir_individuel/cle_nir", role="du bénéficiaire")
    if not prestataire.is_valid(facture.prestataire):
        yield _finding("saisie.cle_prestataire", reference, "prestataire", role="du prestataire")
    if saisie.remplacant is not None and not prestataire.is_valid(saisie.remplacant):
        yield _finding("saisie.cle_prestataire", reference, "remplacant", role="du remplaçant")
    if facture.prescription is not None and not prestataire.is_valid(facture.prescription.prescripteur):
        yield _finding("saisie.cle_prescripteur", reference, "prescription/prescripteur")


def _without_line(saisie: Saisie) -> Iterator[Finding]:
    if not saisie.facture.prestations:
        yield _finding("saisie.sans_ligne", saisie.reference, "prestation")


def _totals(reference: str, facture: Facture) -> Iterator[Finding]:
    for nom, total in (
        ("des honoraires", facture.total_honoraires),
        ("de la part obligatoire", facture.total_amo),
        ("de la part complémentaire", facture.total_amc),
    ):
        if total > _TOTAL_MAX:
            yield _finding(
                "saisie.total_trop_grand",
                reference,
                "prestation",
                nom=nom,
                total=format_euros(total),
                maximum=format_euros(_TOTAL_MAX),
            )


def _lines(reference: str, facture: Facture) -> Iterator[Finding]:
    lines = sum(
        1 + any((one.statut_executant, one.reseau, one.lieu_execution)) + len(one.details_ccam)
        for one in facture.prestations
    )
    if lines > _LINES_MAX:
        yield _finding("saisie.trop_de_lignes", reference, "prestation", nombre=lines, maximum=_LINES_MAX)


def _payee(reference: str, facture: Facture) -> Iterator[Finding]:
    destinataire = facture.destinataire_reglement
    paid = PARTS_REGLEES[destinataire]
    if facture.total_amc and facture.amc is None:
        yield _finding("saisie.amc_sans_contrat", reference, "amc", total=format_euros(facture.total_amc))
    elif ("AMC" not in paid) if facture.total_amc else paid == {"AMC"}:
        yield _finding(
            "saisie.destinataire_amc",
            reference,
            "destinataire_reglement",
            destinataire=destinataire,
            total=format_euros(facture.total_amc),
        )


def _sessions(reference: str, facture: Facture, prestation: Prestation, rang: int) -> Iterator[Finding]:
    """The sessions of a line go from the oldest to the newest, none after the invoice (b2.md 4)."""
    days = [detail.date_seance or prestation.date_soins for detail in prestation.details_ccam]
    if days and (days != sorted(days) or days[-1] > facture.date_facture):
        yield _finding("saisie.dates_de_seance", reference, f"prestation[{rang}]/detail_ccam", ligne=rang)


def _prestation(reference: str, facture: Facture, prestation: Prestation, rang: int) -> Iterator[Finding]:
    place = f"prestation[{rang}]"
    executant = prestation.executant
    if executant is not None and not prestataire.is_valid(executant):
        role = f"de l'exécutant de la ligne {rang}"
        yield _finding("saisie.cle_prestataire", reference, f"{place}/executant", role=role)
    if prestation.date_soins > facture.date_facture:
        yield _finding("saisie.date_soins_posterieure", reference, f"{place}/date_soins", ligne=rang)
    yield from _sessions(reference, facture, prestation, rang)
    attendu = part_of(prestation.base, prestation.taux)
    if prestation.montant_amo != attendu:
        yield _finding(
            "saisie.montant_amo",
            reference,
            f"{place}/montant_amo",
            ligne=rang,
            montant=format_euros(prestation.montant_amo),
            base=format_euros(prestation.base),
            taux=prestation.taux,
            attendu=format_euros(attendu),
        )
    if prestation.montant_amo + prestation.montant_amc > prestation.honoraires:
        yield _finding(
            "saisie.parts_superieures",
            reference,
            f"{place}/honoraires",
            ligne=rang,
            parts=format_euros(prestation.montant_amo + prestation.montant_amc),
            honoraires=format_euros(prestation.honoraires),
        )
