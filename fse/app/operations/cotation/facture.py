"""One invoice priced: from the care that it gives (`seances`), or as the lines that it gives say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.historique import Passe, as_given, as_past
from fse.app.operations.cotation.prix import unexplained
from fse.base.findings import Finding
from fse.domain.cotation.situation import SoinPasse
from fse.norm.model.saisie import Saisie

if TYPE_CHECKING:
    from fse.domain.cotation.lignes import SeanceCotee


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureCotee:
    """An invoice priced. `saisie` has the lines that its sessions give; `soins` are these, as later rules count them.

    `seances` is empty when the document gives no care to price: its lines are then those that it gives.
    """

    saisie: Saisie
    seances: tuple[SeanceCotee, ...]
    soins: tuple[SoinPasse, ...]
    constats: tuple[Finding, ...]


def price_invoice(cabinet: Cabinet, saisie: Saisie, passe: Passe) -> FactureCotee:
    """Price the care of an invoice, if it gives some.

    `passe` holds its document (`Passe.hold`); its lines are of the past that it tells from then on.
    """
    facture = saisie.facture
    patient = passe.patient(facture)
    if saisie.soins is not None:
        from fse.app.operations.cotation.seances import price_care  # late: a practice may price by itself

        return price_care(cabinet, saisie, saisie.soins, patient, passe)
    constats = (*unexplained(cabinet, saisie), *_who(cabinet, saisie, patient, passe))
    soins = tuple(as_past(saisie, patient, as_given(facture.prestations)))
    passe.add(facture, soins)
    return FactureCotee(saisie=saisie, seances=(), soins=soins, constats=constats)


def _who(cabinet: Cabinet, saisie: Saisie, patient: str, passe: Passe) -> Iterator[Finding]:
    """What the rules of a doctor say of who did lines given without care."""
    prestataire = cabinet.prestataire(saisie.facture.prestataire)
    if prestataire is not None and prestataire.profession == "medecin":
        from fse.app.operations.cotation.sans_soins import check_lines  # late: so are the rules of pricing
        from fse.app.operations.cotation.seances import bareme_of

        bareme = bareme_of(prestataire.territoire, cabinet.profil, cabinet.cotation.regime)
        yield from check_lines(cabinet, saisie, patient, passe, bareme)
