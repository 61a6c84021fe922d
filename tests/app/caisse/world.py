"""Small B2 files for the tests of the payer simulator: invoices, lots, files, and damage done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from fse.app.caisse.repondre import Reponse, repondre
from fse.app.caisse.scenario import Scenario, read_scenario
from fse.base.findings import Finding
from fse.domain.signature.cms import sign_lot
from fse.infra.keys.pkcs12 import OpenedSigner
from fse.norm.codec.b2.building import build_facture, build_file, build_lot, cut_records
from fse.norm.codec.b2.seals import seal_facture
from fse.norm.layout import load_edition
from fse.norm.model import (
    Assure,
    Beneficiaire,
    ContratAmc,
    EnteteFichier,
    EnteteLot,
    Facture,
    Prestation,
)
from tests.oracles import noemie_oracle
from tests.oracles.keys import nir_key, number_with_key

ANNE = number_with_key("00123456")
PAUL = number_with_key("00765432")
CABINET = "00000000999999"
CAREDAY, LOTDAY, ANSWERDAY = date(2025, 3, 10), date(2025, 3, 11), date(2025, 3, 20)
NIR = "2840675101000"
B2 = load_edition("b2", "ps-2003")
NOBODY = Scenario()


@dataclass(frozen=True)
class Pki:
    """A test key opened, and its anchor as PEM."""

    signer: OpenedSigner
    anchor: bytes


def line(amo: int = 1855, amc: int = 795, code: str = "G", complement: str | None = None) -> Prestation:
    return Prestation(
        executant=ANNE,
        specialite_executant="01",
        date_soins=CAREDAY,
        code_acte=code,
        complement_acte=complement,
        coefficient=Decimal(1),
        prix_unitaire=2650,
        base=2650,
        taux=70,
        montant_amo=amo,
        montant_amc=amc,
        honoraires=amo + amc,
        lieu="0",
    )


def facture(
    numero: int,
    *lines: Prestation,
    payee: str = "15",
    prestataire: str = ANNE,
    caisse: str = "997",
    regime: str = "01",
    marque: str | None = "T",
) -> Facture:
    """An invoice as securing leaves it: 18,55 € asked of the AMO and 7,95 € of the AMC, unless its lines say other."""
    amc = ContratAmc(numero_amc="99800001", numero_adherent="1234") if payee in ("15", "25", "06") else None
    return Facture(
        prestataire=prestataire,
        numero=numero,
        marque=marque,
        type_facture="F",
        date_facture=CAREDAY,
        assure=Assure(nir=NIR, cle_nir=nir_key(NIR), regime=regime, caisse=caisse, centre="0000"),
        beneficiaire=Beneficiaire(date_naissance="840612"),
        justificatif_droits="4",
        nature_assurance="10",
        destinataire_reglement=payee,
        amc=amc,
        prestations=lines or (line(),),
    )


def header(prestataire: str = ANNE, numero_lot: int = 1, **given: str | None) -> EnteteLot:
    found = EnteteLot(
        prestataire=prestataire,
        nom_prestataire="CABINET D ESSAI",
        organisme_destinataire="997",
        numero_lot=numero_lot,
        date_lot=LOTDAY,
        certification="S",
        marque="T",
        type_facture="F",
    )
    return replace(found, **given) if given else found


def change(record: bytes, values: Mapping[str, str]) -> bytes:
    """The record with these texts at the place of their fields."""
    layout = B2.layouts[B2.named_type(record)]
    for name, text in values.items():
        span = layout.span(name)
        assert len(text) == span.stop - span.start
        record = record[: span.start] + text.encode("latin-1") + record[span.stop :]
    return record


def freeze(one: Facture, changes: Mapping[int, Mapping[str, str]] | None = None) -> bytes:
    """The sealed bytes of an invoice, records changed (by index) *before* the seal: an invoice wrong from its birth."""
    records = build_facture(one)
    for index, values in (changes or {}).items():
        records[index] = change(records[index], values)
    return b"".join(seal_facture(records))


def lot(*factures: Facture | bytes, entete: EnteteLot | None = None) -> bytes:
    frozen = [one if isinstance(one, bytes) else freeze(one) for one in factures]
    return build_lot(entete or header(), frozen)


def b2_file(*lots: bytes, identifiant: str = "000012", emetteur: str = CABINET) -> bytes:
    entete = EnteteFichier(
        type_emetteur="TP",
        numero_emetteur=emetteur,
        type_destinataire="CT",
        numero_destinataire="997",
        identifiant_fichier=identifiant,
        date_creation=LOTDAY,
    )
    return build_file(entete, lots)


def sign(signer: OpenedSigner, lots: Iterable[bytes]) -> dict[int, bytes]:
    return {rank: sign_lot(content, signer) for rank, content in enumerate(lots, start=1)}


_SIGNED: dict[bytes, bytes] = {}


def signed_once(pki: Pki, lots: Sequence[bytes]) -> dict[int, bytes]:
    """The signatures of lots that many examples use: signing takes most of their time."""
    for content in lots:
        if content not in _SIGNED:
            _SIGNED[content] = sign(pki.signer, [content])[1]
    return {rank: _SIGNED[content] for rank, content in enumerate(lots, start=1)}


def ask(pki: Pki, *lots: bytes, scenario: str = "", le: date = ANSWERDAY, identifiant: str = "000012") -> Reponse:
    """What the caisse answers to a file of these lots, well signed."""
    signatures = sign(pki.signer, lots)
    data = b2_file(*lots, identifiant=identifiant)
    return repondre(data, signatures, read_scenario(scenario.encode()), le, [pki.anchor])


def damage(data: bytes, index: int, values: Mapping[str, str]) -> bytes:
    """The bytes of records with one of them changed after its seal."""
    records = cut_records(data)
    records[index] = change(records[index], values)
    return b"".join(records)


# --- a return, read by the oracle only -------------------------------------------------------------------------------


def entities(content: bytes, *kinds: str) -> list[dict[str, str]]:
    """The entities of these types in a return, as raw texts."""
    found = noemie_oracle.unwrap(content)
    return [noemie_oracle.cut(one) for one in found if noemie_oracle.entity_type(one) in kinds]


Answered = dict[str, Any]


def answers(reponse: Reponse) -> dict[int, Answered]:
    """By invoice number, what the only return says: (state, asked, paid) of each part, and its rejects."""
    assert len(reponse.fichiers) == 1
    return dict(answers_of(reponse.fichiers[0].contenu))


def answers_of(data: bytes) -> list[tuple[int, Answered]]:
    """What a return says of each invoice, in its order."""
    found: list[tuple[int, Answered]] = []
    assert noemie_oracle.wrong_controls(data) == []
    current: Answered = {}
    for entity in noemie_oracle.unwrap(data):
        kind = noemie_oracle.entity_type(entity)
        texts = noemie_oracle.cut(entity)
        if kind == "102":
            current = {"rejets": []}
            found.append((int(texts["numero_facture"]), current))
        elif kind in ("198", "199"):
            paid = noemie_oracle.signed(texts["montant_rembourse"], texts["signe_rembourse"])
            current["AMO" if kind == "198" else "AMC"] = texts["etat"], int(texts["montant_demande"]), paid
        elif kind == "294":
            rejets = current["rejets"]
            rejets.append((texts["code_rejet"], texts["niveau_rejet"], texts["partie"], int(texts["numero_ligne"])))
    return found


def codes(findings: Iterable[Finding]) -> list[str]:
    return [one.code for one in findings]


def refused_for(reponse: Reponse) -> dict[int, set[str]]:
    """By ordinal, the codes of the reasons why a lot gets no answer."""
    return {one.ordinal: set(codes(one.motifs)) for one in reponse.refus}


def answered_numbers(reponse: Reponse) -> set[int]:
    return {
        one.numero_facture
        for fichier in reponse.fichiers
        for groupe in fichier.retour.groupes
        for kind in groupe.retours
        for one in kind.factures
    }
