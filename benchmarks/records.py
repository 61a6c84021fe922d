"""Returns and sendings record by record, for the measurements of `suites`: what is read, what is built, and the ways.

`read_retour(rows_of(content))` is a return of `retour_of` to objects of the model; `emit` is invoices of the model to a
signed file; `run_emettre` is the same and the journal as a process of a practice of `model_practice`, `secure_and_emit`
in this one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import open_existing
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.signer import Signer
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_pki import create_test_key
from fse.norm.codec.b2.building import build_file, build_lot, freeze_facture
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from fse.norm.model import (
    Assure,
    Beneficiaire,
    ContratAmc,
    EnteteFichier,
    EnteteLot,
    Facture,
    FactureRetour,
    GroupeVirement,
    PartRetour,
    Prestation,
    RejetRetour,
    RetourNoemie,
    TypeRetour,
)
from tests.app.cabinet import CABINET, document, facture, prestation

PRESTATAIRE = "001234566"
DAY = date(2026, 10, 5)
PER_LOT = 20
CHUNK = 1 << 16
SECRETS = {"FSE_CLE_JOURNAL": "clé de mesure du journal", "FSE_MOT_DE_PASSE": "mot de passe de mesure"}


def retour_of(invoices: int) -> RetourNoemie:
    """A return of so many invoices, 20 a lot and five lots a transfer: one in two has two parts, one in five is a
    reject.
    """
    groupes = [
        GroupeVirement(
            beneficiaire_reglement=PRESTATAIRE,
            date_comptable=DAY,
            libelle_virement_1="CPAM 998",
            organisme_payeur="CPAM998",
            retours=(
                TypeRetour(
                    code_retour="01",
                    lieu_execution=PRESTATAIRE,
                    factures=tuple(answer_of(numero) for numero in range(start, min(start + 100, invoices + 1))),
                ),
            ),
        )
        for start in range(1, invoices + 1, 100)
    ]
    return RetourNoemie(
        type_emetteur="CP",
        numero_emetteur="00000019980000",
        type_destinataire="TP",
        numero_destinataire=PRESTATAIRE,
        identifiant_fichier="000007",
        date_creation=DAY,
        marque="T",
        groupes=tuple(groupes),
    )


def answer_of(numero: int) -> FactureRetour:
    """What a fund answers to an invoice."""
    asked = 1000 + numero * 7919 % 100_000
    refused = numero % 5 == 0
    etat, paid = ("R", 0) if refused else ("P", asked)
    amo = PartRetour(partie="AMO", montant_demande=asked, etat=etat, montant_rembourse=paid)
    amc = PartRetour(
        partie="AMC",
        montant_demande=asked // 2,
        etat="P",
        montant_rembourse=asked // 2,
        numero_amc="99800001",
        numero_adherent="ADH123",
    )
    reject = RejetRetour(code_rejet="9901", libelle_rejet="QUANTITÉ REFUSÉE", niveau="L", partie="O", numero_ligne=1)
    return FactureRetour(
        numero_facture=numero,
        numero_lot=1 + numero // PER_LOT % 999,
        date_lot=DAY,
        type_facture="F",
        date_facture=DAY,
        nature_assurance="10",
        parts=(amo, amc) if numero % 2 else (amo,),
        rejets=(reject,) if refused else (),
    )


def facture_of(numero: int) -> Facture:
    """An invoice as securing leaves it: one line or two, a complementary part one time in two."""
    nir = f"{1 + numero % 2}{numero // 2 % 100:02d}{1 + numero // 200 % 12:02d}99998000"
    amc = numero % 2 == 0
    lines = [
        Prestation(
            executant=PRESTATAIRE,
            specialite_executant="01",
            date_soins=DAY,
            code_acte=code,
            prix_unitaire=price,
            base=price,
            taux=70,
            montant_amo=price * 70 // 100,
            montant_amc=price - price * 70 // 100 if amc else 0,
            honoraires=price,
            lieu="0",
        )
        for code, price in (("G", 3000), ("MD", 1000))[: 1 + (numero // 3 % 2 == 0)]
    ]
    return Facture(
        prestataire=PRESTATAIRE,
        numero=numero,
        marque="T",
        type_facture="F",
        date_facture=DAY,
        assure=Assure(nir=nir, cle_nir=f"{97 - int(nir) % 97:02d}", regime="01", caisse="998", centre="0000"),
        beneficiaire=Beneficiaire(date_naissance=f"{numero // 2 % 100:02d}0612"),
        justificatif_droits="4",
        nature_assurance="10",
        destinataire_reglement="15" if amc else "05",
        amc=ContratAmc(numero_amc="99800001", numero_adherent=f"{numero % 10_000:04d}") if amc else None,
        prestations=tuple(lines),
    )


def rows_of(content: bytes) -> list[EntityRow]:
    """The entity rows of a file, checked."""
    chunks = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
    return [item for item in read(chunks) if isinstance(item, EntityRow)]


def lots_of(frozen: Sequence[bytes]) -> list[bytes]:
    """Lots of 20, numbered from 1."""
    return [
        build_lot(
            EnteteLot(
                prestataire=PRESTATAIRE,
                nom_prestataire="DR CAMILLE ESSAI",
                organisme_destinataire="998",
                numero_lot=1 + start // PER_LOT,
                date_lot=DAY,
                certification="S",
                marque="T",
                type_facture="F",
            ),
            frozen[start : start + PER_LOT],
        )
        for start in range(0, len(frozen), PER_LOT)
    ]


def emit(factures: Sequence[Facture], signer: Signer, folder: Path) -> float:
    """Invoices to a file and its signatures; the seconds of this thread that signing took."""
    lots = lots_of([freeze_facture(one) for one in factures])
    start = time.thread_time()
    signatures = [sign_lot(lot, signer) for lot in lots]
    signing = time.thread_time() - start
    entete = EnteteFichier(
        type_emetteur="TP",
        numero_emetteur=PRESTATAIRE.zfill(14),
        type_destinataire="CT",
        numero_destinataire="998",
        identifiant_fichier="000001",
        date_creation=DAY,
    )
    (folder / "envoi.b2").write_bytes(build_file(entete, lots))
    for rank, cms in enumerate(signatures, start=1):
        (folder / f"envoi-{rank:03d}.p7s").write_bytes(cms)
    return signing


def model_practice(folder: Path) -> Path:
    """A practice whose journal exists, with its key and a document of 20 invoices to secure."""
    created = create_test_key(folder, SECRETS["FSE_MOT_DE_PASSE"], "DR CAMILLE ESSAI", PRESTATAIRE, datetime.now(UTC))
    (folder / "cabinet.toml").write_text(CABINET.replace("praticien.p12", created.praticien.name), encoding="utf-8")
    lines = (prestation(3000), prestation(1000, code="MD"))
    every = [facture(f"V-{rank}", patient=rank % 4, lignes=lines[: 1 + rank % 2]) for rank in range(PER_LOT)]
    (folder / "visites.xml").write_bytes(document(*every))
    (folder / "avant.xml").write_bytes(document(facture("A-1")))
    run_emettre(folder, "avant.xml")
    return folder


def run_emettre(folder: Path, entree: str) -> None:
    """`fse emettre`, in this practice; raises when it does not end well."""
    fse = str(Path(sys.executable).with_name("fse"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [fse, "emettre", entree, "--sortie", f"envoi-{entree}", "--le", DAY.isoformat()]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment | SECRETS)


def secure_and_emit(folder: Path, entree: str) -> None:
    """What `run_emettre` does, in this process: journal and key opened, invoices secured, lots signed, a file."""
    cabinet = load_cabinet(folder / "cabinet.toml")
    signer = open_pkcs12(folder / cabinet.prestataires[0].cle, SECRETS["FSE_MOT_DE_PASSE"])
    with open_existing(cabinet, SECRETS["FSE_CLE_JOURNAL"]) as practice:
        emission = emettre(
            practice, folder / "envoi", lambda *_: signer, entrees=[(folder / entree).read_bytes()], le=DAY
        )
    if not emission.fichiers:
        raise SystemExit("nothing was emitted")
