"""What the ordinary invoice of a patient who is a member of a health network owes to it.

The number of the network goes with each line (record 4S); the patient may have nothing left to pay or to advance.
Source: regles.md H (S0, "Qui peut en bénéficier ?").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.prestations.reseaux import EN_VIGUEUR, PATIENT, PROFESSIONNEL, Adhesion, network_values
from fse.domain.cotation.situation import executant_of
from fse.norm.referentiels.ngap.regles import Calcul, Controle

_WHOLE = 100
"""Percent."""


def check_network(dossier: Dossier, regle: Controle) -> None:
    """The network exists on the day of care."""
    adhesion = dossier.situation.adhesion
    if adhesion is not None and not adhesion.reseau.covers(dossier.seance.date_soins):
        dossier.find(regle, None, **network_values(adhesion.reseau))


def check_patient(dossier: Dossier, regle: Controle) -> None:
    """The patient is its member on the day of care."""
    adhesion = dossier.situation.adhesion
    if adhesion is not None and not adhesion.covers(dossier.seance.date_soins):
        dossier.find(regle, reseau=adhesion.reseau.nom)


def check_professional(dossier: Dossier, regle: Controle) -> None:
    """Who did the acts is its member on the day of care."""
    adhesion = dossier.situation.adhesion
    if adhesion is None:
        return
    mine = executant_of(dossier.seance, dossier.situation)
    if adhesion.reseau.professionnel(mine, dossier.seance.date_soins) is None:
        dossier.find(regle, reseau=adhesion.reseau.nom, professionnel=mine)


def check_advance(dossier: Dossier, regle: Controle) -> None:
    """A patient whom the network spares it advances nothing."""
    adhesion = _benefit(dossier)
    if adhesion is not None and adhesion.reseau.dispense_avance and not adhesion.tiers_payant:
        dossier.find(regle, reseau=adhesion.reseau.nom)


def check_exemption_code(dossier: Dossier, regle: Controle) -> None:
    """An exemption is written with its justification, which only the network or the caisse can give."""
    adhesion = _exempting(dossier)
    if adhesion is not None and not _exemption_code(dossier, adhesion):
        dossier.find(regle, reseau=adhesion.reseau.nom)


def name_network(dossier: Dossier, regle: Calcul) -> None:
    """Each line on the sheet bears the number of the network (record 4S)."""
    adhesion = _benefit(dossier)
    if adhesion is None:
        return
    for ligne in _billed(dossier):
        ligne.reseau = adhesion.reseau.numero
        dossier.applied(ligne, regle, adhesion.reseau.numero)


def exempt(dossier: Dossier, regle: Calcul) -> None:
    """The compulsory part takes the whole base of each line."""
    adhesion = _exempting(dossier)
    code = _exemption_code(dossier, adhesion) if adhesion is not None else ""
    if not code:
        return
    for ligne in _billed(dossier):
        ligne.taux, ligne.exoneration = _WHOLE, None if dossier.situation.exoneration else code
        dossier.applied(ligne, regle, f"{_WHOLE} %")


def _benefit(dossier: Dossier) -> Adhesion | None:
    """The membership that counts on the day of care."""
    adhesion, le = dossier.situation.adhesion, dossier.seance.date_soins
    return adhesion if adhesion is not None and adhesion.covers(le) and adhesion.reseau.covers(le) else None


def _exempting(dossier: Dossier) -> Adhesion | None:
    """The membership that leaves the patient nothing to pay, when something would be left."""
    adhesion = _benefit(dossier)
    if adhesion is None or not adhesion.reseau.exoneration_ticket_moderateur:
        return None
    return None if dossier.situation.taux == _WHOLE else adhesion


def _exemption_code(dossier: Dossier, adhesion: Adhesion) -> str:
    return dossier.situation.exoneration or adhesion.reseau.code_exoneration


def _billed(dossier: Dossier) -> list[Ligne]:
    return [ligne for ligne in dossier.lignes if ligne.facturee]


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    EN_VIGUEUR: check_network,
    PATIENT: check_patient,
    PROFESSIONNEL: check_professional,
    "reseau-dispense-d-avance": check_advance,
    "reseau-code-d-exoneration": check_exemption_code,
}
CALCULS: Mapping[str, Callable[[Dossier, Calcul], None]] = {
    "reseau-sur-les-lignes": name_network,
    "reseau-exoneration": exempt,
}
