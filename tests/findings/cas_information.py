"""Smallest failing input of what is said of the notice of an overrun."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from fse.app.operations.information import information
from fse.base.findings import Finding
from tests.app import cabinet as plain
from tests.app.cabinet import CABINET, JOUR, document, write_cabinet
from tests.findings.registry import Case

DOCTOR = CABINET.replace('specialite = "01"', 'specialite = "01"\nprofession = "medecin"\ndiscipline = "generaliste"')
ASKED = "<depassement><genre>DE</genre><montant>500</montant><motif>horaire</motif></depassement>"
ACT = f"<acte><code_acte>G</code_acte>{ASKED}</acte>"
CARE = f"<seance><date_soins>{JOUR}</date_soins><lieu>cabinet</lieu>{ACT}</seance>"


def _late() -> Iterable[Finding]:
    """The notice of care that was given the day before."""
    folder = Path(mkdtemp(prefix="fse-information-"))
    text = document(plain.facture("V-1", destinataire="00", lignes=(f"<soins>{CARE}</soins>",)))
    day = date.fromordinal(JOUR.toordinal() + 1)
    return information(write_cabinet(folder, DOCTOR), text, "V-1", folder / "n", lambda _: b"", le=day).constats


CAS: dict[str, Case] = {"information.soins_passes": _late}
