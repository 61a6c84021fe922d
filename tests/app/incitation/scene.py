"""A doctor's sheets, one of each kind: how secured, how received, why left out. Counted by hand in `FSE`, `AUTRES` and
`EXCLUES`. No test here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.annuler import annuler
from fse.app.operations.ecriture import FichierEmis
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app.accused import POSITIF, arl
from tests.app.cabinet import CABINET, JOUR, document, facture, key_folder, prestation, signer
from tests.app.emitted import RETOUR, receive, rows
from tests.app.on_paper import on_paper

DOCTOR = CABINET.replace('specialite = "01"\n', 'specialite = "01"\nprofession = "medecin"\n')
REMPLACANT = "003456787"

FSE = {
    ("V-1", 1): "accuse",
    ("V-5", 2): "accuse",
    ("V-6", 1): "accuse",
    ("V-8", 1): "accuse",
    ("V-9", 1): "retour",
    ("V-12", 1): "mode-sans-accuse",
}
AUTRES = {
    ("V-7", 1): "non-securisee",
    ("V-10", 1): "non-recue",
    ("V-11", 1): "duplicata",
    ("V-13", 1): "refusee",
    ("V-14", 1): "papier",
    ("V-16", 1): "non-envoyee",
}
EXCLUES = {
    ("V-3", 1): "ame",
    ("V-4", 1): "hors-presence",
    ("V-5", 1): "nourrisson",
    ("V-15", 1): "s3404",
}
"""Acts of 2026: a sheet and the rank of its act."""

RECUES = 8
"""Sheets received as FSE, excluded ones too: V-1, V-3, V-4, V-5, V-6, V-8, V-9 and V-12."""


def live(practice: Practice) -> Practice:
    """All of it, on 5 October 2026."""
    infant = facture("V-5", lignes=(prestation().replace(str(JOUR), "2026-10-04"), prestation()))
    acknowledged = emitted(
        practice,
        facture("V-1"),
        facture("V-2", patient=1),
        facture("V-3", patient=2).replace("</contexte>", "<ame>true</ame></contexte>"),
        facture("V-4", before="<hors_presence>true</hors_presence>"),
        infant.replace(">850912<", ">260705<"),
        facture("V-6", before=f"<remplacant>{REMPLACANT}</remplacant>"),
        facture("V-7", mode="aucun"),
        facture("V-8", mode="F"),
    )
    acknowledge(practice, acknowledged, "P")
    answered = emitted(practice, facture("V-9"))
    signatures = {rank: path.read_bytes() for rank, path in enumerate(answered.signatures, start=1)}
    ancre = (key_folder() / "ancre.pem").read_bytes()
    reponse = repondre(answered.chemin.read_bytes(), signatures, read_scenario(b""), RETOUR, [ancre])
    receive(practice, *(one.contenu for one in reponse.fichiers))
    emitted(practice, facture("V-10"), facture("V-11"), facture("V-12", mode="D"))
    on_paper(practice, 11, le=JOUR)
    acknowledge(practice, emitted(practice, facture("V-13", mode="D")), "N")
    securiser(
        practice,
        document(
            facture("V-14", mode="papier"),
            facture("V-15", mode="s3404"),
            facture("V-16", patient=1, before="<remplace>2</remplace>"),
            facture("V-17"),
            facture("V-18", mode="papier", lignes=(prestation().replace(str(JOUR), "2025-12-31"),)),
        ),
        le=JOUR,
    )
    annuler(practice, 17, motif="essai", auteur="essai", le=JOUR)
    return practice


def emitted(practice: Practice, *factures: str) -> FichierEmis:
    """These sheets, secured and sent in one file."""
    folder: Path = practice.cabinet.folder / "envoi"
    done = emettre(practice, folder, lambda *_: signer(), entrees=[document(*factures)], le=JOUR)
    assert len(done.securisations[0].factures) == len(factures), done.securisations[0].constats
    (fichier,) = done.fichiers
    return fichier


def acknowledge(practice: Practice, fichier: FichierEmis, sens: str) -> None:
    """What the fund acknowledges of the lots of a file."""
    identifiant = fichier.chemin.stem[-6:]
    lots = rows(practice, f"SELECT numero_lot FROM fichier_lot WHERE identifiant = '{identifiant}' ORDER BY numero_lot")
    refused = {} if sens == "P" else {"cause": "9950", "libelle": "(fictif) Lot altéré"}
    said = [
        replace(POSITIF, numero_lot=int(str(one["numero_lot"])), fichier_accuse=identifiant, sens=sens, **refused)
        for one in lots
    ]
    receive(practice, arl(*said, identifiant=f"ARL{identifiant[-3:]}"))
