"""What the head of an invoice and its sessions must agree on: one prescription, and who did the acts."""

from __future__ import annotations

from collections.abc import Iterator

from fse.app.operations.cabinet import Cabinet
from fse.base.findings import Finding, Place, finding
from fse.norm.model.saisie import Saisie
from fse.norm.model.soins import Seance


def check_header(cabinet: Cabinet, saisie: Saisie) -> Iterator[Finding]:
    """Codes `cotation.autre_ordonnance`, an error: a sheet has one prescription; `cotation.executant_inconnu`."""
    employed = {one.numero for one in cabinet.salaries}
    known = {one.numero for one in cabinet.prestataires} | employed | {saisie.remplacant}
    for rang, seance in enumerate(saisie.soins.seances if saisie.soins else (), start=1):
        place = f"soins/seance[{rang}]"
        if _other_prescription(saisie, seance):
            champ = f"{place}/ordonnance/date"
            yield _finding("autre_ordonnance", saisie, champ, seance=rang)
        if seance.executant is not None and seance.executant not in known:
            yield _finding("executant_inconnu", saisie, f"{place}/executant", seance=rang)


def _other_prescription(saisie: Saisie, seance: Seance) -> bool:
    written = saisie.facture.prescription
    if seance.ordonnance is None:
        return False
    return written is None or written.date_prescription != seance.ordonnance.date


def _finding(code: str, saisie: Saisie, champ: str, **values: object) -> Finding:
    return finding(f"cotation.{code}", Place(type="facture", champ=champ), facture=saisie.reference, **values)
