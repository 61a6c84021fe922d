"""A small sending of two professionals and two organisations, secured and plain, out of order; and its records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from fse.app.masse.emission import Envoi
from fse.domain.emission.rupture import FactureEnAttente, LotKey, group_in_lots
from fse.norm.codec.b2.building import build_file, build_lot, count_lines, freeze_facture
from fse.norm.codec.b2.columns import columns_of
from fse.norm.model import Assure, Beneficiaire, ContratAmc, EnteteFichier, EnteteLot, Facture, Prestation

DAY = date(2026, 11, 20)
NOMS = {"001234566": "ESSAI ALPHA", "004321097": "ESSAI BETA"}
CABINETS = {"001234566": "cab-alpha", "004321097": "cab-beta"}
FIRST_LOT = {"001234566": 12, "004321097": 996}
TAILLE = 3

Depart = tuple[str, str, str]
"""Mode, organisation, who replaces."""


def facture(prestataire: str, numero: int, mode: str) -> Facture:
    """An invoice of one or two lines, its payee by turns."""
    line = Prestation(
        executant=prestataire,
        specialite_executant="01",
        date_soins=DAY,
        code_acte="G",
        prix_unitaire=3000,
        base=3000,
        taux=70,
        montant_amo=2100,
        montant_amc=900 if numero % 2 else 0,
        honoraires=3000,
        lieu="0",
    )
    return Facture(
        prestataire=prestataire,
        numero=numero,
        marque="T",
        type_facture=None if mode == "aucun" else "F",
        date_facture=DAY,
        assure=Assure(nir="2850399999000", cle_nir="97", regime="01", caisse="998", centre="0000"),
        beneficiaire=Beneficiaire(date_naissance="850315"),
        justificatif_droits="4",
        nature_assurance="10",
        destinataire_reglement="15" if numero % 2 else ("05", "00")[numero % 4 // 2],
        amc=ContratAmc(numero_amc="99800001", numero_adherent="123456789012") if numero % 2 else None,
        prestations=(line,) * (1 + numero % 3 // 2),
    )


def invoices() -> list[tuple[Facture, Depart]]:
    """In no order that a lot has."""
    found = []
    for prestataire, numeros in (("004321097", range(9, 0, -1)), ("001234566", range(100, 111))):
        for numero in numeros:
            organisme = "998" if prestataire == "004321097" else ("998", "997")[numero % 2]
            mode = "aucun" if prestataire == "004321097" and numero > 6 else "S"
            replacing = "005555552" if prestataire == "001234566" and numero > 108 else ""
            found.append((facture(prestataire, numero, mode), (mode, organisme, replacing)))
    return found


def entete() -> EnteteFichier:
    return EnteteFichier(
        type_emetteur="PS",
        numero_emetteur="00000001234566",
        type_destinataire="CT",
        numero_destinataire="998",
        identifiant_fichier="000001",
        date_creation=DAY,
    )


def envoi(held: list[tuple[Facture, Depart]]) -> Envoi:
    """The tables of these invoices."""
    return Envoi(
        entete=entete(),
        taille=TAILLE,
        prestataires=pa.table(
            {
                "cabinet": [CABINETS[one] for one in NOMS],
                "prestataire": list(NOMS),
                "nom": list(NOMS.values()),
                "premier_numero": [1 for _ in NOMS],
                "dernier_numero": [999_999_999 for _ in NOMS],
                "premier_lot": [FIRST_LOT[one] for one in NOMS],
            }
        ),
        departs=pa.table(
            {
                "mode": [mode for _, (mode, _, _) in held],
                "organisme": [organisme for _, (_, organisme, _) in held],
                "remplacant": [replacing for _, (_, _, replacing) in held],
                "securisee_le": pa.array([DAY for _ in held], pa.date32()),
            }
        ),
        factures=columns_of([one for one, _ in held]),
    )


def by_records(
    held: list[tuple[Facture, Depart]], taille: int = TAILLE
) -> tuple[bytes, list[tuple[EnteteLot, list[int]]]]:
    """The file that the record path makes, and the header and invoice numbers of each of its lots."""
    waiting = []
    for one, (mode, organisme, replacing) in held:
        key = LotKey(
            prestataire=one.prestataire,
            type_destinataire="CT",
            centre_informatique="998",
            organisme_destinataire=organisme,
            certification="" if mode == "aucun" else mode,
            remplacant=replacing,
        )
        frozen = freeze_facture(one)
        assert one.numero is not None
        waiting.append(
            FactureEnAttente(
                key=key,
                numero=one.numero,
                total_honoraires=one.total_honoraires,
                lignes=count_lines(frozen),
                frozen=frozen,
            )
        )
    numero_lot = dict(FIRST_LOT)
    lots, headers = [], []
    for planned in group_in_lots(waiting, taille=TAILLE):
        key = planned.key
        header = EnteteLot(
            prestataire=key.prestataire,
            nom_prestataire=NOMS[key.prestataire],
            organisme_destinataire=key.organisme_destinataire,
            numero_lot=numero_lot[key.prestataire],
            date_lot=DAY,
            certification=key.certification or None,
            marque="T",
            type_facture="F" if key.certification else None,
            remplacant=key.remplacant or None,
        )
        numero_lot[key.prestataire] += 1
        lots.append(build_lot(header, [one.frozen for one in planned.factures]))
        headers.append((header, [one.numero for one in planned.factures]))
    return build_file(entete(), lots), headers


def tree(folder: Path) -> dict[str, bytes]:
    """What lies under a folder, signatures (which differ at each run) by their name only."""
    return {
        str(path.relative_to(folder)): b"" if path.suffix == ".p7s" else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
