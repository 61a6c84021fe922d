"""A practice of a nurse or a speech therapist and invoices of their care, as software writes them: facts, and no line.

What these scenes rest on: AMI 3,15 € and AMO 2,60 € in métropole (regles.md E.1), 60 % (I.4), a venous puncture is AMI
1.5 (G.3), a session of written language AMO 11.6 and one of handwriting AMO 11.5 (F.3).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from fse.app.operations.coter import coter
from fse.app.operations.practice import Practice
from tests.app import cabinet as plain
from tests.app.cabinet import CABINET, JOUR, document, prestation, write_cabinet

NURSE = CABINET.replace('specialite = "01"', 'specialite = "24"\nprofession = "infirmier"')
THERAPIST = NURSE.replace('"24"', '"28"').replace('"infirmier"', '"orthophoniste"')
PRESCRIBED_ON = "2026-10-01"
ORDONNANCE = f"<ordonnance><date>{PRESCRIBED_ON}</date></ordonnance>"
PRESCRIPTION = (
    f"<prescription><prescripteur>002345676</prescripteur><date_prescription>{PRESCRIBED_ON}</date_prescription>"
    "</prescription>"
)
DRAW = "<acte><acte>prelevement-veineux</acte></acte>"
WRITTEN_LANGUAGE = "<acte><acte>seance-langage-ecrit</acte></acte>"
HANDWRITING = "<acte><acte>seance-graphisme</acte></acte>"


def ami(coefficient: str) -> str:
    """An act asked for by its letter."""
    return f"<acte><code_acte>AMI</code_acte><coefficient>{coefficient}</coefficient></acte>"


def seance(*actes: str, jour: str = str(JOUR), before: str = "", ordonnance: str = ORDONNANCE) -> str:
    """One session at the practice; `before` stands between its day and its place."""
    return f"<seance><date_soins>{jour}</date_soins>{before}<lieu>cabinet</lieu>{ordonnance}{''.join(actes)}</seance>"


def facture(
    reference: str,
    *seances: str,
    patient: int = 0,
    before: str = "",
    lignes: str = "",
    taux: str = "",
    prescription: str = PRESCRIPTION,
) -> str:
    """An invoice of these sessions, paid by the caisse for its part; `lignes`: those given besides."""
    line = prestation(amc=False)
    text = plain.facture(reference, patient=patient, destinataire="05", before=before, lignes=(line,))
    assert line in text
    soins = f"<soins>{taux}{''.join(seances)}</soins>" if seances else ""
    return text.replace(line, lignes + soins, 1).replace("<nature_assurance>", f"{prescription}<nature_assurance>", 1)


def new_practice(folder: Path, text: str = NURSE) -> Practice:
    """A practice with an empty journal."""
    cabinet = write_cabinet(folder, text)
    shutil.copy(plain._template()[0], cabinet.journal_path)
    return plain.reopen(folder)


def priced(practice: Practice, *factures: str) -> bytes:
    """The document of these invoices with the lines that `coter` makes."""
    (result,) = coter(practice.cabinet, [document(*factures)], practice)
    return result.xml()
