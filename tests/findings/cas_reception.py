"""Smallest failing inputs of the findings of receiving, in a practice whose sheets have left.

The last content of each case is the noticed one; those before it are what the journal must have booked first.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from fse.base.findings import Finding
from fse.norm.codec.noemie.building import build
from fse.norm.layout import frame
from fse.norm.model import FactureRetour, PartRetour
from tests.app.emitted import emitted_practice, noe, receive, reordered, retour
from tests.findings.registry import Case, changed
from tests.norm.layout.samples import DAY, NOEMIE, PRESTATAIRE, b2_file, noemie_entities

NOE = noe()
MARQUE = 70
"""Offset of the marking in the record 000."""

(GROUPE,) = retour().groupes
(KIND,) = GROUPE.retours
PAID = KIND.factures[0]


def _answering(*factures: FactureRetour, code_retour: str = "01") -> bytes:
    """A return of another file id that answers these invoices only."""
    kind = replace(KIND, code_retour=code_retour, factures=factures)
    return build(replace(retour(), identifiant_fichier="AUTRE1", groupes=(replace(GROUPE, retours=(kind,)),)))


def _parts(*parts: PartRetour) -> FactureRetour:
    return replace(PAID, parts=parts)


def _last(*contents: bytes) -> Iterable[Finding]:
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        *before, noticed = receive(practice, *contents)
        assert all(one.verdict == "recu" for one in before)
        refused = noticed.verdict in ("ecarte", "pas_un_retour")
        assert refused is any(one.sets_aside for one in noticed.constats), "effect and verdict agree"
        return noticed.constats


def _again(content: bytes) -> Iterable[Finding]:
    """What is noticed of a file set aside when it comes a second time."""
    with TemporaryDirectory() as folder, emitted_practice(Path(folder) / "cabinet") as practice:
        first, again = receive(practice, content, content)
        assert first.verdict == again.verdict == "ecarte"
        return again.constats


ASKED_MORE = replace(PAID.parts[0], montant_demande=PAID.parts[0].montant_demande + 1)
TAKEN_BACK = replace(PAID.parts[0], montant_rembourse=-PAID.parts[0].montant_rembourse)


def older_generation() -> bytes:
    """One invoice of the older generation, without a centime."""
    group = [
        NOEMIE.build("040", {"beneficiaire_reglement": PRESTATAIRE}),
        NOEMIE.build("070", {"date_comptable": DAY}),
        NOEMIE.build("080", {"date_lot": DAY, "numero_lot": 1}),
        NOEMIE.build("100", {"numero_facture": 1}),
        NOEMIE.build("290", {"codification": "0250 050"}),
        NOEMIE.build("990", {"identification_niveau": "07000000000000001", "nombre": 1, "somme": 0}),
    ]
    return frame(NOEMIE, noemie_entities(group, total=0))


CAS: dict[str, Case] = {
    "reception.pas_un_retour": partial(_last, b2_file()),
    "reception.deja_recu": partial(_last, NOE, NOE),
    "reception.deja_ecarte": partial(_again, NOE[:-128]),
    "reception.flux_reel": partial(_last, changed(NOE, MARQUE, b" ")),
    "reception.marque_illisible": partial(_last, NOE[:100]),
    "reception.autre_marque": partial(_last, changed(NOE, MARQUE, b"D")),
    "reception.identite_reprise": partial(_last, NOE, reordered()),
    "reception.generation_ancienne": partial(_last, older_generation()),
    "reception.ecart_demande": partial(_last, _answering(_parts(ASKED_MORE))),
    "reception.etat_degrade": partial(_last, NOE, _answering(_parts(TAKEN_BACK), code_retour="04")),
    "reception.residu": partial(_last, _answering(replace(PAID, numero_facture=999))),
}
