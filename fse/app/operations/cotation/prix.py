"""Lines that no care explains: it is said, their prices are compared with the values that we know for sure, and what a
third party is asked for with what the card said.
"""

from __future__ import annotations

from collections.abc import Iterator

from fse.app.operations.cabinet import Cabinet
from fse.base.errors import UsageError
from fse.base.findings import Finding, Place, finding
from fse.base.money import format_euros
from fse.norm.model.saisie import Saisie
from fse.norm.model.tiers_payant import PARTS_REGLEES
from fse.norm.referentiels.parametres import parametre

TARIFEES = frozenset({"infirmier", "medecin", "orthophoniste"})
"""The professions whose acts and rules fse knows enough of to price their care."""


def unexplained(cabinet: Cabinet, saisie: Saisie) -> Iterator[Finding]:
    """Codes `cotation.carte_en_opposition`, `cotation.droits_fermes`, `cotation.sans_soins` and
    `cotation.prix_inattendu`, of an invoice that gives lines and no care.
    """
    yield from _card(saisie)
    prestataire = cabinet.prestataire(saisie.facture.prestataire)
    if prestataire is not None and prestataire.profession in TARIFEES and saisie.facture.prestations:
        place = Place(type="facture", champ="soins")
        yield finding("cotation.sans_soins", place, facture=saisie.reference)
    yield from _unexpected_prices(cabinet, saisie)


def _card(saisie: Saisie) -> Iterator[Finding]:
    """Third-party payment that the card does not guarantee; its opposition first, which says all (regles.md A-50)."""
    facture, contexte = saisie.facture, saisie.contexte
    if not PARTS_REGLEES[facture.destinataire_reglement]:
        return
    if contexte.opposition:
        place = Place(type="facture", champ="contexte/opposition")
        yield finding("cotation.carte_en_opposition", place, facture=saisie.reference)
        return
    droits = contexte.periodes_droits
    if not droits:
        return
    from fse.domain.cotation.payeurs.droits import nearest_period, open_at  # late: the rules of pricing come with it

    closed = [one.date_soins for one in facture.prestations if not open_at(droits, one.date_soins)]
    if closed:
        yield finding(
            "cotation.droits_fermes",
            Place(type="facture", champ="contexte/periode_droits"),
            facture=saisie.reference,
            le=f"{closed[0]:%d/%m/%Y}",
            periode=nearest_period(droits, closed[0]),
        )


def _unexpected_prices(cabinet: Cabinet, saisie: Saisie) -> Iterator[Finding]:
    """A warning (`cotation.prix_inattendu`) for each line whose unit price is not the value of its letter that day.

    Nothing is said of a prestataire without a profession, nor by a value that is unknown, to be verified, whatever the
    profile, or contradicted by a later source.
    """
    prestataire = cabinet.prestataire(saisie.facture.prestataire)
    if prestataire is None or not prestataire.profession:
        return
    from fse.domain.cotation.tarification import value_name  # late: the rules of pricing come with it

    for rang, one in enumerate(saisie.facture.prestations, start=1):
        nom = value_name(one.code_acte, prestataire.profession, prestataire.discipline)
        if nom is None:
            continue
        try:
            valeur = parametre(nom, one.date_soins, prestataire.territoire)
        except UsageError:
            continue
        if valeur.doute is None and one.prix_unitaire != valeur.valeur:
            yield finding(
                "cotation.prix_inattendu",
                Place(type="facture", champ=f"prestation[{rang}]/prix_unitaire"),
                facture=saisie.reference,
                ligne=rang,
                lettre=one.code_acte,
                prix=format_euros(one.prix_unitaire),
                attendu=format_euros(valeur.valeur),
                depuis=f"{valeur.debut:%d/%m/%Y}",
                source=f"{valeur.article} ; {valeur.source}",
            )
