"""A practice of three doctors and invoices of lines with fees above their tariff, to be counted by hand.

A cardiologist of sector 1, a surgeon of the coordination option, a general practitioner of sector 2 since April 2026.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app import cabinet as plain
from tests.app.cabinet import CABINET, JOUR, PRESTATAIRE, document, put_journal, write_cabinet

CARDIOLOGUE, CHIRURGIEN, GENERALISTE = PRESTATAIRE, "003456787", "004567897"
SALARIE = "005678909"
LE = date(2026, 12, 1)

DOCTORS = CABINET.replace(
    'specialite = "01"', 'specialite = "03"\nprofession = "medecin"\ndiscipline = "cardiologue"'
) + "".join(
    f"""
[[prestataires]]
numero = "{numero}"
nom = "{nom}"
specialite = "{specialite}"
cle = "praticien.p12"
profession = "medecin"
discipline = "{discipline}"
"""
    for numero, nom, specialite, discipline in (
        (CHIRURGIEN, "DR ALIX ESSAI", "04", "chirurgien"),
        (GENERALISTE, "DR NOA ESSAI", "01", "generaliste"),
    )
)
EXERCICES = f"""
[[exercices]]
prestataire = "{CARDIOLOGUE}"
debut = 2020-01-01
secteur = "1"

[[exercices]]
prestataire = "{CHIRURGIEN}"
debut = 2020-01-01
secteur = "option-coordination"

[[exercices]]
prestataire = "{GENERALISTE}"
debut = 2020-01-01
fin = 2026-03-31
secteur = "1"

[[exercices]]
prestataire = "{GENERALISTE}"
debut = 2026-04-01
secteur = "2"
"""


def ligne(
    code: str,
    honoraires: int,
    base: int | None = None,
    *,
    jour: str = str(JOUR),
    fois: int = 1,
    ccam: str = "",
    executant: str = "",
) -> str:
    """One line of an invoice: fees for all of it, `base` the same unless it is said."""
    tariff = honoraires if base is None else base
    who = f"<executant>{executant}</executant>" if executant else ""
    many = f"<quantite>{fois}</quantite>" if fois > 1 else ""
    detail = f"<detail_ccam><code>{ccam}</code></detail_ccam>" if ccam else ""
    return (
        f"<prestation>{who}<date_soins>{jour}</date_soins><code_acte>{code}</code_acte>{many}"
        f"<prix_unitaire>{tariff // fois}</prix_unitaire><base>{tariff}</base><taux>70</taux>"
        f"<montant_amo>{tariff * 7 // 10}</montant_amo><honoraires>{honoraires}</honoraires><lieu>0</lieu>{detail}"
        "</prestation>"
    )


def facture(
    reference: str, *lignes: str, prestataire: str = CARDIOLOGUE, patient: int = 0, remplace: int | None = None
) -> str:
    """An invoice that the patient pays."""
    before = f"<remplace>{remplace}</remplace>" if remplace is not None else ""
    text = plain.facture(reference, patient=patient, destinataire="00", before=before, lignes=lignes)
    text = text.replace(f"<date_facture>{JOUR}<", f"<date_facture>{LE}<")
    return text.replace(f"<prestataire>{PRESTATAIRE}<", f"<prestataire>{prestataire}<")


def new_practice(folder: Path, *more: str) -> Practice:
    """These doctors, and an empty journal."""
    write_cabinet(folder, DOCTORS + EXERCICES + "".join(more))
    put_journal(folder)
    return plain.reopen(folder)


def secure(practice: Practice, *factures: str) -> None:
    """These invoices in the journal, all of them."""
    result = securiser(practice, document(*factures), le=LE)
    assert len(result.factures) == len(factures), [one.message for one in result.constats]
