"""Emission: lots by the rules of rupture, files an independent reader finds right, what never happens twice."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.emettre import Emission, emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import SignatureError, StorageError, UsageError
from fse.domain.signature.signer import Signer
from fse.infra.journal.facts import factures, lots
from fse.infra.keys.pkcs12 import open_pkcs12
from tests.app.cabinet import JOUR, document, facture, key_folder, signer
from tests.oracles import b2_oracle


def emit(practice: Practice, *factures: str, days: int = 0) -> Emission:
    if factures:
        assert securiser(practice, document(*factures), le=JOUR).factures
    return emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR + timedelta(days=days))


def test_an_independent_reader_finds_the_file_right(practice: Practice) -> None:
    (fichier,) = emit(practice, facture("V-1"), facture("V-2", patient=1, mode="F"), facture("V-3")).fichiers
    content = fichier.chemin.read_bytes()
    assert b2_oracle.wrong_totals(content) == []
    assert [lot.factures for lot in fichier.lots] == [(2,), (1, 3)]
    for lot in b2_oracle.lots(b2_oracle.records(content)):
        seals = [b2_oracle.seal_of_invoice(invoice) for invoice in b2_oracle.invoices(lot)]
        assert b2_oracle.cut(lot[-1])["certification"] == b2_oracle.seal_of_lot(lot[0], seals, lot[-1])


def test_openssl_accepts_each_signature_over_records_1_to_6(practice: Practice, tmp_path: Path) -> None:
    (fichier,) = emit(practice, facture("V-1"), facture("V-2", patient=1, mode="F")).fichiers
    lots_bytes = [b"".join(lot) for lot in b2_oracle.lots(b2_oracle.records(fichier.chemin.read_bytes()))]
    assert len(lots_bytes) == len(fichier.signatures) == 2
    for content, signature in zip(lots_bytes, fichier.signatures, strict=True):
        payload = tmp_path / "lot"
        payload.write_bytes(content)
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-in", signature]
        command += ["-content", payload, "-CAfile", key_folder() / "ancre.pem", "-out", tmp_path / "out"]
        subprocess.run(command, check=True, capture_output=True)


def test_emitting_again_writes_nothing(practice: Practice) -> None:
    emit(practice, facture("V-1"))
    before = sorted(practice.cabinet.folder.joinpath("envoi").iterdir())
    assert emit(practice).fichiers == ()
    assert sorted(practice.cabinet.folder.joinpath("envoi").iterdir()) == before


def test_a_lot_holds_at_most_the_size_of_the_practice(practice: Practice) -> None:
    (fichier,) = emit(practice, *(facture(f"V-{rank}", patient=rank % 4) for rank in range(45))).fichiers
    assert [len(lot.factures) for lot in fichier.lots] == [20, 20, 5]
    assert [lot.numero_lot for lot in fichier.lots] == [1, 2, 3]


def test_a_file_in_the_way_is_not_overwritten(practice: Practice) -> None:
    folder = practice.cabinet.folder / "envoi"
    folder.mkdir()
    (folder / "00000001234566-000001.b2").write_bytes(b"autre chose")
    with pytest.raises(StorageError) as raised:
        emit(practice, facture("V-1"))
    assert raised.value.code == "sortie.differente"
    assert (folder / "00000001234566-000001.b2").read_bytes() == b"autre chose"
    (folder / "00000001234566-000001.b2").unlink()
    (fichier,) = emit(practice).fichiers
    assert [lot.factures for lot in fichier.lots] == [(1,)]


def test_a_wrong_key_password_writes_nothing(practice: Practice) -> None:
    securiser(practice, document(facture("V-1")), le=JOUR)

    def refused(*_: str) -> Signer:
        return open_pkcs12(key_folder() / "praticien.p12", "faux")

    with pytest.raises(SignatureError) as raised:
        emettre(practice, practice.cabinet.folder / "envoi", refused, le=JOUR)
    assert (raised.value.code, raised.value.status) == ("cle.mot_de_passe", 4)
    with practice.journal.reading() as reading:
        assert lots.live_lots(reading) == []
    assert not (practice.cabinet.folder / "envoi").exists()


def test_a_wrong_key_password_secures_nothing_either(practice: Practice) -> None:
    def refused(*_: str) -> Signer:
        return open_pkcs12(key_folder() / "praticien.p12", "faux")

    with pytest.raises(SignatureError):
        emettre(practice, practice.cabinet.folder / "envoi", refused, entrees=[document(facture("V-1"))], le=JOUR)
    with practice.journal.reading() as reading:
        assert factures.waiting(reading) == []


def test_a_refused_document_does_not_stop_the_others(practice: Practice) -> None:
    entrees = [document(facture("V-1")).replace(b"<cle_nir>81", b"<cle_nir>80"), document(facture("V-2", patient=1))]
    emission = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), entrees=entrees, le=JOUR)
    assert [len(one.factures) for one in emission.securisations] == [0, 1]
    assert [lot.factures for fichier in emission.fichiers for lot in fichier.lots] == [(1,)]


class LateRefusal:
    """A signer that opens, then cannot sign: a card pulled out."""

    def __init__(self) -> None:
        self.certificate, self.chain = signer().certificate, signer().chain

    @property
    def key(self) -> object:
        raise SignatureError("cle.retiree", "La carte a été retirée.", action="La remettre, puis recommencer.")


def test_cancelling_an_invoice_of_an_unsigned_lot_frees_the_others(practice: Practice) -> None:
    securiser(practice, document(facture("V-1"), facture("V-2", patient=1)), le=JOUR)
    with pytest.raises(SignatureError):
        emettre(practice, practice.cabinet.folder / "envoi", lambda *_: LateRefusal(), le=JOUR)
    assert annuler(practice, 1, motif="erreur", auteur="secrétariat", le=JOUR).lot_defait == 1
    (fichier,) = emit(practice).fichiers
    assert [(lot.numero_lot, lot.factures) for lot in fichier.lots] == [(2, (2,))]


def test_a_signed_lot_leaves_even_when_the_last_one_to_sign_was_undone(practice: Practice) -> None:
    securiser(practice, document(facture("V-1"), facture("V-2", patient=1, mode="F")), le=JOUR)

    class OneSignature(LateRefusal):
        """A card pulled out after its first signature."""

        left = 1

        @property
        def key(self) -> object:
            self.left -= 1
            return signer().key if self.left >= 0 else super().key

    card = OneSignature()
    with pytest.raises(SignatureError):
        emettre(practice, practice.cabinet.folder / "envoi", lambda *_: card, le=JOUR)
    with practice.journal.reading() as reading:
        (unsigned,) = lots.unsigned_lots(reading)
        (left,) = lots.factures_of(reading, unsigned.key)
    annuler(practice, left.numero, motif="erreur", auteur="secrétariat", le=JOUR)
    (fichier,) = emit(practice).fichiers
    assert [lot.factures for lot in fichier.lots] == [(3 - left.numero,)]


def test_a_signed_invoice_is_not_cancelled(practice: Practice) -> None:
    emit(practice, facture("V-1"))
    with pytest.raises(UsageError) as raised:
        annuler(practice, 1, motif="erreur", auteur="secrétariat", le=JOUR)
    assert raised.value.code == "facture.lot_signe"
