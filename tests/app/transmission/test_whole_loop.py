"""Everything at once, each part real: visit, card, encryption, Postfix, Dovecot, the caisse and back to what was paid.

SoftHSM2 is the card, `openssl` judges the signature; the caisse reads its own mailbox with the standard library.
"""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificate

from fse.app.caisse.courrier import Depot, repondre_courrier
from fse.app.caisse.lettres import as_message, open_message
from fse.app.caisse.scenario import read_scenario
from fse.app.cli.signers import PracticeSigners
from fse.app.operations.emettre import emettre
from fse.app.operations.facture import facture
from fse.app.operations.journal.verifier import verifier_journal
from fse.app.operations.securiser import securiser
from fse.infra.keys.opening import open_envelope
from fse.infra.transport.smtp import Smtp
from fse.infra.transport.tls import Serveur
from tests.app import cabinet
from tests.app.cabinet import JOUR, document, prestation
from tests.app.cartes.practice import carte
from tests.app.transmission import scene
from tests.app.transmission.mail import Post, post
from tests.infra.keys.soft_card import SoftCard, soft_reader
from tests.mail_servers import MailServers

NAME = "00000001234566-000001"
REPONSE = date(2026, 10, 7)
SCENARIO = b'[[reponse]]\nnumero = 2\namo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F" }]\n'
PAYEE_PAR_LE_PATIENT = cabinet.facture("V-3", patient=2, destinataire="00", lignes=(prestation(amc=False),))


def test_a_visit_signed_by_card_and_mailed_comes_back_paid(
    tmp_path: Path, mail_servers: MailServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = soft_reader(tmp_path / "lecteur")
    card = reader.insert("CPS ESSAI", prestataire="001234566")
    boxes = post(mail_servers)
    folder = tmp_path / "cabinet"
    describe(folder, boxes, card)
    monkeypatch.setenv("FSE_PIN", card.pin)
    with cabinet.reopen(folder) as practice:
        visits = document(cabinet.facture("V-1"), cabinet.facture("V-2", patient=1), PAYEE_PAR_LE_PATIENT)
        assert len(securiser(practice, visits, le=JOUR).factures) == 3
        with reader.plugged(), PracticeSigners(practice.cabinet) as signers:
            (written,) = emettre(practice, folder / "envoi", signers, le=JOUR).fichiers
        (sent,) = boxes.send(practice).fichiers
        assert sent.sort == "accepte"
        assert [row["etat"] for row in scene.rows(practice, ETATS)] == ["en_cours", "en_cours", "a_acquitter"]

        received = received_by_the_caisse(boxes, card, tmp_path)
        assert received[f"{NAME}.b2"] == written.chemin.read_bytes()
        lots = [row["contenu_lot"] for row in scene.rows(practice, "SELECT contenu_lot FROM lot")]
        with practice.journal.reading() as reading:
            (lot,) = (reading.load(str(one)) for one in lots)
        assert received["lot"] == lot
        answer_by_mail(boxes, card)

        fetched = boxes.fetch(practice)
        assert [one.sort for one in fetched.courriers] == ["lu", "lu"]
        (acknowledged,) = (one for courrier in fetched.courriers for recu in courrier.retours for one in recu.accuses)
        assert (acknowledged.sens, acknowledged.connu) == ("P", True)
        assert [row["etat"] for row in scene.rows(practice, ETATS)] == ["soldee", "a_traiter", "acquittee"]
        paid = scene.rows(practice, "SELECT SUM(paye) AS paye FROM etat_part")
        assert paid == [{"paye": 3000 + 900}]  # both parts of the first, the complementary part of the second
        assert "accusé de réception positif" in "\n".join(one.libelle for one in facture(practice, 3).etapes)
        assert boxes.fetch(practice).courriers == ()
        assert boxes.mailbox(boxes.cabinet) == []
        assert verifier_journal(practice).intact


ETATS = "SELECT etat FROM etat_facture ORDER BY numero"


def describe(folder: Path, boxes: Post, card: SoftCard) -> None:
    """A practice that signs with this card and sends by these boxes; it has no other key."""
    cabinet.new_practice(folder).close()
    boxes.describe(folder)
    path = folder / "cabinet.toml"
    text = path.read_text(encoding="utf-8").replace('cle = "praticien.p12"\n', "")
    path.write_text(text + carte(card), encoding="utf-8")


def received_by_the_caisse(boxes: Post, card: SoftCard, folder: Path) -> dict[str, bytes]:
    """The files that the message of the caisse holds, and the lot in the B2 file, whose signature openssl accepts."""
    (message,) = boxes.mailbox(boxes.caisse, 1)
    (depot,) = opened(message)
    content, (signature,) = depot.envoi.data, depot.envoi.signatures.values()
    lot = content[128:-128]  # without 000 and 999
    for name, data in (("lot", lot), ("lot.p7s", signature), ("ancre.pem", card.anchor)):
        (folder / name).write_bytes(data)
    verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "lot.p7s", "-content", "lot"]
    judged = [*verify, "-CAfile", "ancre.pem", "-purpose", "any", "-out", "juge"]
    subprocess.run(["openssl", *judged], cwd=folder, check=True, capture_output=True)
    return {depot.nom: content, "lot": (folder / "juge").read_bytes()}


def opened(message: bytes) -> list[Depot]:
    """The B2 files of a message, opened with the key of the caisse."""
    return open_message(message, lambda sealed: open_envelope(sealed, scene.opener("caisse")))


def answer_by_mail(boxes: Post, card: SoftCard) -> None:
    """The caisse acknowledges and answers: one encrypted message each, by its own server."""
    depots = [one for message in boxes.mailbox(boxes.caisse) for one in opened(message)]
    courrier = repondre_courrier(depots, read_scenario(SCENARIO), REPONSE, [card.anchor])
    recipient = load_pem_x509_certificate(scene.certificate("reception"))
    serveur = Serveur(
        serveur="localhost", port=boxes.servers.smtp_port, compte=boxes.caisse.address, autorites=boxes.autorites
    )
    with Smtp(serveur, boxes.caisse.password) as smtp:
        for rendu in courrier.rendus:
            message = as_message(
                rendu,
                [recipient],
                expediteur=boxes.caisse.address,
                destinataire=boxes.cabinet.address,
                le=datetime(2026, 10, 7, tzinfo=UTC),
            )
            assert smtp.send(message, boxes.caisse.address, [boxes.cabinet.address]).resultat == "accepte"
    boxes.servers.wait(boxes.cabinet, len(courrier.rendus))
