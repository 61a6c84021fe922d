"""The files that the suites read, made from the layouts with values that follow from ranks: nobody is in them.

A NOEMIE return of n invoices is one logical file of transfers of a hundred, judged sound by `fse lire`: counts and sums
are right. Each invoice has its AMO part, half an AMC part, one in five a reject. A file repeats `MADE` transfers that
differ, so that making it takes no time; what a reader does for an entity does not depend on those before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from fse.norm.codec.noemie.counting import level_identification
from fse.norm.layout import count_records, frame, load_edition

B2 = load_edition("b2", "ps-2003")
NOEMIE = load_edition("noemie", "ps-2007")
PRESTATAIRE = "001234566"
INVOICES = 100
"""Invoices of a transfer."""
MADE = 50
PER_LOT = 20
CHUNK = 1 << 20
_FIRST = date(2026, 1, 1)
_WITH_AMC, _REJECTED = 2, 5
_LINES = (1, 2, 3)
_FEE, _AMO = 3000, 2100


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def noemie_file(invoices: int) -> bytes:
    """A return of so many invoices, a multiple of `INVOICES`."""
    transfers = invoices // INVOICES
    entities: list[bytes] = []
    for ordinal in range(1, transfers + 1):
        body, total = _transfer(ordinal % MADE)
        level = {"identification_niveau": level_identification("071", ordinal), "nombre": INVOICES, "somme": total}
        entities += [*body, NOEMIE.build("990", level)]
    envelope = {
        "type_emetteur": "CP",
        "numero_emetteur": "00000019980000",
        "type_destinataire": "TP",
        "numero_destinataire": PRESTATAIRE,
        "identifiant_fichier": "000007",
        "marque": "T",
    }
    tail = {
        "nombre_enregistrements": count_records(NOEMIE, entities),
        "nombre_lots": min(transfers, MADE) * INVOICES // PER_LOT,
        "total": sum(_transfer(ordinal % MADE)[1] for ordinal in range(1, transfers + 1)),
    }
    head = NOEMIE.build("000", {**envelope, "date_creation": _FIRST})
    return frame(NOEMIE, [head, *entities, NOEMIE.build("999", {**envelope, **tail})])


@cache
def _transfer(which: int) -> tuple[list[bytes], int]:
    """The entities of a transfer without its 990, and the centimes paid."""
    day = _FIRST + timedelta(days=which)
    payer = {"date_comptable": day, "libelle_virement_1": "CPAM 998", "organisme_payeur": "CPAM998"}
    entities = [
        NOEMIE.build("040", {"beneficiaire_reglement": PRESTATAIRE}),
        NOEMIE.build("071", payer),
        NOEMIE.build("081", {"code_retour": "01", "lieu_execution": PRESTATAIRE}),
    ]
    total = 0
    for place in range(INVOICES):
        rank = which * INVOICES + place
        lot = {"numero_lot": 1 + place // PER_LOT, "date_lot": day, "nature_assurance": "10"}
        entities.append(NOEMIE.build("102", {**lot, "numero_facture": rank + 1, "date_facture": day}))
        rejected = rank % _REJECTED == 0
        paid = 0 if rejected else _AMO
        part = {"montant_demande": _AMO, "etat": "R" if rejected else "P", "montant_rembourse": paid}
        entities.append(NOEMIE.build("198", part))
        total += paid
        if rank % _WITH_AMC:
            fund = {"numero_amc": "99800001", "numero_adherent": f"ADH{rank:06d}"}
            entities.append(NOEMIE.build("199", {**part, **fund}))
            total += paid
        if rejected:
            reject = {"code_rejet": "9901", "libelle_rejet": "QUANTITÉ REFUSÉE", "niveau_rejet": "L", "partie": "O"}
            entities.append(NOEMIE.build("294", {**reject, "rang_rejet": 1, "numero_ligne": 1}))
    return entities, total


def b2_file(invoices: int) -> bytes:
    """A B2 file of so many invoices, a multiple of `INVOICES`, a hundred a lot; its seals are blank."""
    lots = invoices // INVOICES
    envelope = {
        "type_emetteur": "TP",
        "numero_emetteur": "00000001234566",
        "type_destinataire": "CT",
        "numero_destinataire": "998",
        "identifiant_fichier": "000001",
    }
    head = B2.build("000", {**envelope, "date_creation": _FIRST})
    body = b"".join(_lot(ordinal % MADE) for ordinal in range(lots))
    records = 2 + len(body) // len(head)
    return head + body + B2.build("999", {**envelope, "nombre_enregistrements": records, "nombre_lots": lots})


@cache
def _lot(which: int) -> bytes:
    """A lot of invoices of one to three lines."""
    day = _FIRST + timedelta(days=which)
    lot = {"prestataire": PRESTATAIRE, "organisme_destinataire": "998", "numero_lot": which + 1, "date_lot": day}
    records = [B2.build("1", {**lot, "nom_prestataire": "DOCTEUR ESSAI"})]
    key = {"prestataire": PRESTATAIRE, "nir": "2951099998000", "cle_nir": "20"}
    lines = 0
    for place in range(INVOICES):
        rank = which * INVOICES + place
        own = _LINES[rank % len(_LINES)]
        lines += own
        one = {**key, "numero_facture": rank + 1}
        rights = {"justificatif_droits": "4", "date_naissance": "951301", "destinataire_reglement": "15"}
        head = {"date_facture": day, "regime": "01", "caisse": "998", "centre": "0000", "nature_assurance": "10"}
        fee = {"prix_unitaire": _FEE, "base": _FEE, "taux": 70, "montant_amo": _AMO, "montant_amc": 0}
        act = {"executant": PRESTATAIRE, "date_soins": day, "code_acte": "G", "lieu": "0"}
        totals = {"total_honoraires": own * _FEE, "total_amo": own * _AMO, "total_amc": 0, "part_assure": 0}
        records += [
            B2.build("2", {**one, **head, **rights}),
            *[B2.build("4", {**one, **act, **fee, "quantite": 1, "honoraires": _FEE})] * own,
            B2.build("5", {**one, **totals, "nombre_lignes": own}),
        ]
    end = {"prestataire": PRESTATAIRE, "numero_lot": which + 1, "nombre_factures": INVOICES, "nombre_lignes": lines}
    totals = {"total_honoraires": lines * _FEE, "total_amo": lines * _AMO, "total_amc": 0}
    records.append(B2.build("6", {**end, **totals, "nombre_entetes": INVOICES, "nombre_totaux": INVOICES}))
    return b"".join(records)
