"""Small good files for the tests of the reading side, assembled record by record through the layouts alone.

Provider numbers start with 00 and NIR have the order number 000: they are nobody's.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from fse.norm.codec.b2.seals import read_seal, seal_facture, seal_lot
from fse.norm.layout import count_records, frame, load_edition

B2 = load_edition("b2", "ps-2003")
NOEMIE = load_edition("noemie", "ps-2007")
DAY = date(2024, 3, 1)
PRESTATAIRE = "001234566"
HONORAIRES, AMO, AMC = 2650, 1855, 795

B2_ENVELOPE = {
    "type_emetteur": "TP",
    "numero_emetteur": "00000001234566",
    "type_destinataire": "CT",
    "numero_destinataire": "349",
    "identifiant_fichier": "000001",
}
NOEMIE_ENVELOPE = {
    "type_emetteur": "CP",
    "numero_emetteur": "00000013490000",
    "type_destinataire": "TP",
    "numero_destinataire": PRESTATAIRE,
    "identifiant_fichier": "000007",
}


def b2_key(numero: int) -> dict[str, Any]:
    return {"prestataire": PRESTATAIRE, "nir": "2951099126000", "cle_nir": "10", "numero_facture": numero}


def b2_facture(numero: int, lignes: int = 1, **entete: Any) -> list[bytes]:
    """Records 2 to 5 of one invoice of so many equal lines, the zone of the seal blank."""
    head = {
        "marque": "T",
        "date_facture": DAY,
        "type_facture": "F",
        "regime": "01",
        "caisse": "349",
        "centre": "0000",
        "justificatif_droits": "4",
        "nature_assurance": "10",
        "date_naissance": "951301",
        "destinataire_reglement": "15",
        "numero_amc": "99999999",
        "numero_adherent": "ADH123",
    }
    line = {
        "executant": PRESTATAIRE,
        "date_soins": DAY,
        "code_acte": "C",
        "quantite": 1,
        "prix_unitaire": HONORAIRES,
        "base": HONORAIRES,
        "taux": 70,
        "montant_amo": AMO,
        "honoraires": HONORAIRES,
        "lieu": "0",
        "montant_amc": AMC,
    }
    totals = {
        "nombre_lignes": lignes,
        "total_honoraires": lignes * HONORAIRES,
        "total_amo": lignes * AMO,
        "part_assure": lignes * (HONORAIRES - AMO),
        "total_amc": lignes * AMC,
    }
    key = b2_key(numero)
    return [
        B2.build("2", key | head | entete),
        *[B2.build("4", key | line) for _ in range(lignes)],
        B2.build("5", key | totals),
    ]


def b2_lot(numero: int, factures: Sequence[list[bytes]], *, sealed: bool = True) -> list[bytes]:
    """Records 1 to 6 of a lot; sealed, it says that it is an FSE lot, else a plain one."""
    records = [record for facture in factures for record in facture]
    lines = sum(record[:1] == b"4" for record in records)
    mains = sum(record[:1] == b"4" and record[35:36] == b" " for record in records)
    header = B2.build(
        "1",
        {
            "prestataire": PRESTATAIRE,
            "organisme_destinataire": "349",
            "numero_lot": numero,
            "nom_prestataire": "DOCTEUR ESSAI",
            "date_lot": DAY,
            "certification": "S" if sealed else None,
        },
    )
    trailer = B2.build(
        "6",
        {
            "prestataire": PRESTATAIRE,
            "nombre_factures": len(factures),
            "nombre_lignes": lines,
            "nombre_entetes": sum(record[:1] == b"2" for record in records),
            "nombre_totaux": len(factures),
            "total_honoraires": mains * HONORAIRES,
            "total_amo": mains * AMO,
            "total_amc": mains * AMC,
            "numero_lot": numero,
            "marque": "T",
            "type_facture": "F",
        },
    )
    if sealed:
        factures = [seal_facture(facture) for facture in factures]
        trailer = seal_lot(header, [read_seal(facture[-1]) for facture in factures], trailer)
    return [header, *[record for facture in factures for record in facture], trailer]


def b2_file(*lots: list[bytes], **head: Any) -> bytes:
    """A file of these lots; of one lot of a one-line and a two-line invoice when none is given."""
    lots = lots or (b2_lot(1, [b2_facture(1), b2_facture(2, lignes=2)]),)
    records = [record for lot in lots for record in lot]
    counts = {"nombre_enregistrements": len(records) + 2, "nombre_lots": len(lots)}
    shared = {name: value for name, value in head.items() if name in B2_ENVELOPE}
    return b"".join(
        [
            B2.build("000", B2_ENVELOPE | {"date_creation": DAY} | head),
            *records,
            B2.build("999", B2_ENVELOPE | counts | shared),
        ]
    )


def noemie_part(kind: str, paye: int, **values: Any) -> bytes:
    demande = AMO if kind == "198" else AMC
    return NOEMIE.build(kind, {"montant_demande": demande, "etat": "P", "montant_rembourse": paye} | values)


def noemie_facture(numero: int, amo: int = AMO, amc: int | None = AMC, **values: Any) -> list[bytes]:
    """102, 198 and 199 of one invoice; no 199 when `amc` is None."""
    head = {"numero_facture": numero, "numero_lot": 1, "date_lot": DAY, "date_facture": DAY, "nature_assurance": "10"}
    parts = [noemie_part("198", amo)] + ([] if amc is None else [noemie_part("199", amc, numero_amc="99999999")])
    return [NOEMIE.build("102", head | values), *parts]


def noemie_rejet(**values: Any) -> bytes:
    reject = {
        "code_rejet": "9901",
        "libelle_rejet": "QUANTITE REFUSEE",
        "niveau_rejet": "L",
        "partie": "O",
        "rang_rejet": 1,
        "numero_ligne": 1,
    }
    return NOEMIE.build("294", reject | values)


def noemie_group(ordinal: int, entities: Sequence[bytes], somme: int, nombre: int) -> list[bytes]:
    """040 to 990 around entities 102, 198…"""
    return [
        NOEMIE.build("040", {"beneficiaire_reglement": PRESTATAIRE}),
        NOEMIE.build("071", {"date_comptable": DAY, "libelle_virement_1": "CPAM 349", "organisme_payeur": "CPAM349"}),
        NOEMIE.build("081", {"code_retour": "01", "lieu_execution": PRESTATAIRE}),
        *entities,
        NOEMIE.build("990", {"identification_niveau": f"071{ordinal:014d}", "nombre": nombre, "somme": somme}),
    ]


def noemie_entities(*groups: list[bytes], total: int, lots: int = 1, **head: Any) -> list[bytes]:
    """000, these groups and 999, made by us unless `programme_emetteur` says otherwise."""
    entities = [entity for group in groups for entity in group]
    counts = {"nombre_enregistrements": count_records(NOEMIE, entities), "nombre_lots": lots, "total": total}
    shared = {name: value for name, value in head.items() if name != "date_creation"}
    return [
        NOEMIE.build("000", NOEMIE_ENVELOPE | {"date_creation": DAY, "marque": "T"} | head),
        *entities,
        NOEMIE.build("999", NOEMIE_ENVELOPE | counts | {"marque": "T"} | shared),
    ]


def noemie_file(**head: Any) -> bytes:
    """Two transfers: a paid and a partly rejected invoice in the first, a negative amount in the second."""
    first = [*noemie_facture(1), *noemie_facture(2, amo=1000, amc=None), noemie_rejet()]
    second = noemie_facture(3, amo=-500, amc=0)
    groups = [
        noemie_group(1, first, somme=AMO + AMC + 1000, nombre=2),
        noemie_group(2, second, somme=-500, nombre=1),
    ]
    return frame(NOEMIE, noemie_entities(*groups, total=AMO + AMC + 500, **head))


def foreign_noemie_file() -> bytes:
    """The same file from another program."""
    return noemie_file(programme_emetteur="AUTRE")
