"""The commands take JSON as they take XML: by what the document holds; the same invoice in both is the same invoice."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.norm.codec import json, xml
from tests.app.cabinet import CABINET, CLE, JOUR, document, facture, signer


def as_json(entree: bytes) -> bytes:
    read, _ = xml.read(entree)
    assert read is not None
    return json.build(read)


def test_the_same_invoice_in_xml_and_in_json_is_the_same_invoice(practice: Practice) -> None:
    entree = document(facture("V-1"), facture("V-2", patient=1))
    first = securiser(practice, as_json(entree), le=JOUR)
    again = securiser(practice, entree, le=JOUR)
    assert [(one.numero, one.deja_connue) for one in first.factures] == [(1, False), (2, False)]
    assert [(one.numero, one.deja_connue) for one in again.factures] == [(1, True), (2, True)]


def test_documents_of_both_writings_are_emitted_together(practice: Practice, tmp_path: Path) -> None:
    entrees = [document(facture("V-1")), as_json(document(facture("V-2", patient=1)))]
    emission = emettre(practice, tmp_path / "sortie", lambda *_: signer(), entrees=entrees, le=JOUR)
    (fichier,) = emission.fichiers
    assert [lot.factures for lot in fichier.lots] == [(1, 2)]


def test_a_refused_json_document_writes_nothing(practice: Practice) -> None:
    result = securiser(practice, as_json(document(facture("V-1"))).replace(b'"81"', b"81"), le=JOUR)
    assert result.factures == ()
    assert [(one.code, one.place.champ) for one in result.constats] == [("saisie.json_type", "assure/cle_nir")]


def test_json_on_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cabinet.toml").write_text(CABINET, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FSE_CLE_JOURNAL", CLE)
    data = as_json(document(facture("V-1")))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(["securiser", "-", "--le", "2026-10-05"]) == 0
    assert "000000001  V-1" in capsys.readouterr().out
