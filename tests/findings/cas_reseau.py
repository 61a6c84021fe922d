"""Smallest failing inputs of what recording the services of health networks says besides the rules."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.app.operations.securiser import securiser
from fse.base.findings import Finding
from tests.app.cabinet import JOUR, PATIENTS, document
from tests.app.reseaux.networks import member, network_practice, service
from tests.findings.registry import Case


def _recorded(*many: str) -> Iterable[Finding]:
    """What the last of these documents raises, one a service."""
    with TemporaryDirectory() as folder, network_practice(Path(folder)) as practice:
        found: Iterable[Finding] = ()
        for one in many:
            found = securiser(practice, document(one), le=JOUR).constats
        return found


CAS: dict[str, Case] = {
    "reseau.inconnu": partial(_recorded, service("D-1", adhesion=member(reseau="1" * 14))),
    "reseau.prestation_inconnue": partial(_recorded, service("D-1", "AUTRE")),
    "reseau.reference_personnelle": partial(_recorded, service(PATIENTS[0][0])),
    "reseau.reference_en_double": partial(_recorded, service("D-1") * 2),
    "reseau.reference_prise": partial(_recorded, service("D-1"), service("D-1", patient=1)),
    "reseau.cle_nir": partial(_recorded, service("D-1").replace("<cle_nir>81<", "<cle_nir>82<")),
    "reseau.date_a_venir": partial(_recorded, service("D-1", jour="2026-10-06")),
}
