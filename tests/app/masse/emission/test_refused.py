"""What is not signed: an invoice or a lot that the model refuses, tables that do not hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from fse.app.masse.emission import Envoi, emettre_envoi
from fse.base.errors import BuildError, FseError, UsageError
from tests.app.masse.emission.sendings import envoi, invoices


class NoSigner:
    """Signs nothing: what is refused is refused before."""

    @property
    def certificate(self) -> x509.Certificate:
        raise AssertionError("a lot was to be signed")

    @property
    def key(self) -> rsa.RSAPrivateKey:
        raise AssertionError("a lot was to be signed")

    @property
    def chain(self) -> Sequence[x509.Certificate]:
        raise AssertionError("a lot was to be signed")


@pytest.fixture(scope="module")
def given() -> Envoi:
    return envoi(invoices())


def cell(table: Any, name: str, value: Any, row: int = 0) -> Any:
    """The table with another value in one cell."""
    values = table[name].to_pylist()
    values[row] = value
    return table.set_column(table.column_names.index(name), name, pa.array(values, table.schema.field(name).type))


def changed(given: Envoi, table: str, name: str, value: Any, row: int = 0) -> Envoi:
    if table in ("departs", "prestataires"):
        return replace(given, **{table: cell(getattr(given, table), name, value, row)})
    held = given.factures
    if table in ("entetes", "lignes"):
        return replace(given, factures=held._replace(**{table: cell(getattr(held, table), name, value, row)}))
    complements = {**held.complements, table: cell(held.complements[table], name, value, row)}
    return replace(given, factures=held._replace(complements=complements))


def refused(envoi: Envoi, sortie: Path) -> FseError:
    with pytest.raises(FseError) as raised:
        emettre_envoi(envoi, NoSigner(), sortie)
    assert not sortie.exists()
    assert raised.value.action
    return raised.value


@pytest.mark.parametrize(
    ("table", "name", "value", "lieu"),
    [
        ("entetes", "destinataire_reglement", "99", "enregistrement 2, ligne 4"),
        ("entetes", "destinataire_reglement", " ", "enregistrement 2, ligne 4"),
        ("entetes", "nature_assurance", "99", "enregistrement 2, ligne 4"),
        ("entetes", "nir", None, "enregistrement 2, ligne 4"),
        ("entetes", "nir", "", "enregistrement 2, ligne 4"),
        ("entetes", "nir", "28503999é9000", "enregistrement 2, ligne 4"),
        ("entetes", "numero_facture", 0, "enregistrement 2, ligne 4"),
        ("lignes", "quantite", 0, "enregistrement 4, ligne 4"),
        ("lignes", "taux", 101, "enregistrement 4, ligne 4"),
        ("lignes", "code_acte", None, "enregistrement 4, ligne 4"),
        ("lignes", "code_acte", "é", "enregistrement 4, ligne 4"),
        ("2M", "identifiant_amc", "é", "enregistrement 2M, ligne 4"),
    ],
)
def test_what_the_model_refuses_of_an_invoice(
    table: str, name: str, value: Any, lieu: str, given: Envoi, tmp_path: Path
) -> None:
    error = refused(changed(given, table, name, value, 3), tmp_path / "sortie")
    assert isinstance(error, BuildError)
    assert (error.code, error.lieu) == ("champ.refuse", lieu)
    assert name in error.message


@pytest.mark.parametrize(
    ("table", "name", "value", "champ", "lieu"),
    [
        ("prestataires", "premier_lot", 0, "numero_lot", "lot 1"),
        ("prestataires", "premier_lot", 997, "numero_lot", "lot 4"),
        ("prestataires", "nom", "", "nom_prestataire", "lot 1"),
        ("prestataires", "nom", "ESSAI É", "nom_prestataire", "lot 1"),
        ("departs", "remplacant", "ZZZ", "remplacant", "lot 8"),
        ("departs", "organisme", "", "organisme_destinataire", "lot 7"),
    ],
)
def test_what_the_model_refuses_of_a_lot(
    table: str, name: str, value: Any, champ: str, lieu: str, given: Envoi, tmp_path: Path
) -> None:
    """The first professional has six lots; what is changed is in its first row, or of number 9 of the other."""
    error = refused(changed(given, table, name, value), tmp_path / "sortie")
    assert isinstance(error, BuildError)
    assert (error.code, error.lieu) == ("champ.refuse", lieu)
    assert champ in error.message


def test_tables_that_do_not_hold_together(given: Envoi, tmp_path: Path) -> None:
    everyone = given.prestataires
    elsewhere = everyone.set_column(0, "cabinet", pa.array(["x", "y"]))
    unnamed = given.factures._replace(lignes=given.factures.lignes.drop_columns(["facture"]))
    held = given.factures
    misplaced = {**held.complements, "2S": held.complements["2M"].rename_columns({"facture": "ligne"})}
    texts = given.departs.set_column(3, "securisee_le", pa.array(["2026-11-20"] * 20))
    cases: list[tuple[str, Envoi]] = [
        ("masse.taille", replace(given, taille=0)),
        ("masse.taille", replace(given, taille=-1)),
        ("masse.taille", replace(given, taille=1000)),
        ("masse.longueurs", replace(given, departs=given.departs.slice(1))),
        ("masse.colonne_absente", replace(given, factures=unnamed)),
        ("masse.colonne_absente", replace(given, factures=held._replace(complements=misplaced))),
        ("masse.complement_inconnu", replace(given, factures=held._replace(complements={"5": held.lignes}))),
        ("masse.complement_inconnu", replace(given, factures=held._replace(complements={"9Z": held.lignes}))),
        ("masse.colonne_absente", replace(given, departs=given.departs.drop_columns(["mode"]))),
        ("masse.type_de_colonne", replace(given, departs=texts)),
        ("masse.valeur_absente", changed(given, "lignes", "facture", None)),
        ("masse.valeur_absente", changed(given, "2M", "facture", None)),
        ("masse.rattachement", changed(given, "lignes", "facture", 5)),
        ("masse.rattachement", changed(given, "lignes", "facture", -1)),
        ("masse.rattachement", changed(given, "2M", "facture", 20, -1)),
        ("masse.prestataire_double", replace(given, prestataires=pa.concat_tables([everyone, elsewhere]))),
        ("masse.numero_hors_plage", changed(given, "prestataires", "dernier_numero", 109)),
        ("masse.numero_hors_plage", changed(given, "prestataires", "premier_numero", 101)),
    ]
    for code, wrong in cases:
        error = refused(wrong, tmp_path / "sortie")
        assert isinstance(error, UsageError)
        assert error.code == code
