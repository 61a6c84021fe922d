"""The mass simulator against the record simulator on the same decisions, an oracle that reads what it wrote, `lire`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from fse.app.caisse.masse import CompteMasse, ReponseMasse, TauxMasse, answer_file
from fse.app.caisse.masse.decisions import DIFFEREE, MOINS, MUETTE, REJETEE, Decisions, decide
from fse.app.caisse.masse.demandes import Demandes, read_demandes
from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario.wanted import PartVoulue, RejetVoulu, ReponseVoulue, Scenario
from fse.app.operations.lire import lire
from fse.base.errors import FseError, UnreadableError, UsageError
from fse.base.findings import Finding
from fse.norm.layout import EntityRow
from fse.norm.model import Facture
from tests.app.caisse.world import (
    ANNE,
    ANSWERDAY,
    PAUL,
    Pki,
    answers_of,
    b2_file,
    damage,
    facture,
    freeze,
    header,
    line,
    lot,
    sign,
)

TAUX = TauxMasse(silence=0.1, rejet=0.2, paye_moins=0.15, differe=0.15)
"""Often enough for every fate to be met by every kind of invoice."""
SEED = 20_261_122
ASKED = {"15": (1855, 795), "05": (1855, 0), "25": (0, 795), "00": (0, 0)}
"""Centimes asked by payee code, of the one line of the invoices below: 18,55 € and 7,95 €."""


def invoice(numero: int, prestataire: str) -> Facture:
    """Every payee code, three payers, a member number too long for record 2 once in a while."""
    payee = ("15", "05", "25", "15", "00")[numero % 5]
    one = facture(
        numero,
        *([line(amc=0)] if payee == "05" else []),
        payee=payee,
        prestataire=prestataire,
        caisse=("998", "997")[numero % 2],
        regime="02" if numero % 7 == 0 else "01",
    )
    if one.amc is not None and numero % 3 == 0:
        return replace(one, amc=replace(one.amc, numero_adherent="123456789012"))
    return one


@dataclass(frozen=True)
class World:
    """280 invoices in 14 lots of two prestataires; one number given twice, one invoice in the lot of another, one
    whose total is false.
    """

    data: bytes
    lots: tuple[bytes, ...]


@pytest.fixture(scope="module")
def world() -> World:
    lots = []
    for rank in range(14):
        prestataire = (ANNE, PAUL)[rank % 2]
        factures = [invoice(rank // 2 * 20 + place + 1, prestataire) for place in range(20)]
        if rank == 4:
            factures[4] = replace(factures[4], numero=1)
        if rank == 6:
            factures[0] = replace(factures[0], prestataire=PAUL, numero=900)
        frozen: list[Facture | bytes] = [*factures]
        if rank == 8:  # before the lot adds it up: the invoice is wrong from its birth
            frozen[1] = freeze(factures[1], {2: {"total_amo": "00001856"}})
        lots.append(lot(*frozen, entete=header(prestataire, rank // 2 + 1)))
    return World(b2_file(*lots), tuple(lots))


@pytest.fixture(scope="module")
def reponse(world: World) -> ReponseMasse:
    return answer_file(world.data, le=ANSWERDAY, graine=SEED, taux=TAUX)


def scenario_of(demandes: Demandes, decisions: Decisions) -> Scenario:
    """The same decisions, as the record simulator is told them."""
    return Scenario(reponses=tuple(_wanted(demandes, decisions)))


def _wanted(demandes: Demandes, decisions: Decisions) -> Iterator[ReponseVoulue]:
    prestataires = demandes.lots["prestataire"].to_pylist()
    numeros = demandes.entetes["numero_facture"].to_pylist()
    for row, (prestataire, numero) in enumerate(zip(prestataires, numeros, strict=True)):
        of_amo, fate = demandes.centimes["AMO"][row] > 0, decisions.sorts[row]
        wanted = ReponseVoulue(numero=numero, prestataire=prestataire, lieu="essai")
        name, letter = ("amo", "O") if of_amo else ("amc", "C")
        if fate == MUETTE:
            yield replace(wanted, silence=True)
        elif fate == MOINS:
            yield replace(wanted, **{name: PartVoulue(montant=int(decisions.moins[row]))})  # type: ignore[arg-type]
        elif fate == DIFFEREE:
            yield replace(wanted, **{name: PartVoulue(etat="D")})  # type: ignore[arg-type]
        elif fate == REJETEE:
            reject = RejetVoulu(code=str(decisions.codes[row]), niveau="F", partie=letter, ligne=None)
            yield replace(wanted, rejets=(reject,), **{name: PartVoulue(etat="R")})  # type: ignore[arg-type]


def test_same_decisions_same_bytes_as_the_record_simulator(world: World, reponse: ReponseMasse, pki: Pki) -> None:
    demandes = read_demandes(world.data)
    scenario = scenario_of(demandes, decide(demandes, SEED, TAUX))
    record = repondre(world.data, sign(pki.signer, world.lots), scenario, ANSWERDAY, [pki.anchor])
    assert not record.refus
    assert len(record.fichiers) == 4
    assert [one.nom for one in reponse.fichiers] == [one.nom for one in record.fichiers]
    assert [one.contenu for one in reponse.fichiers] == [one.contenu for one in record.fichiers]


def said(reponse: ReponseMasse) -> list[tuple[int, dict[str, Any]]]:
    return [one for fichier in reponse.fichiers for one in answers_of(fichier.contenu)]


def test_the_account_is_what_the_returns_say(world: World, reponse: ReponseMasse) -> None:
    """Counted again by the oracle: fates from states and amounts, centimes by part."""
    fates: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for _, one in said(reponse):
        parts = [one[name] for name in ("AMO", "AMC") if name in one]
        state, asked, amount = parts[0]
        fates["R" if state == "R" else "D" if state == "D" else "P" if amount == asked else "moins"] += 1
        assert bool(one["rejets"]) == (state == "R")
        for name in ("AMO", "AMC"):
            paid[name] += one[name][2] if name in one else 0
    compte = reponse.compte
    assert (compte.payees, compte.rejetees) == (fates["P"], fates["R"])
    assert (compte.payees_moins, compte.differees) == (fates["moins"], fates["D"])
    assert compte.repondues == fates.total()
    assert (compte.amo, compte.amc) == (paid["AMO"], paid["AMC"])
    assert compte.recues == 280
    assert compte.sans_demande == 280 // 5
    assert compte.recues == compte.repondues + compte.muettes + compte.sans_demande
    assert min(compte.payees, compte.rejetees, compte.payees_moins, compte.differees, compte.muettes) > 5
    assert CompteMasse.of_all([compte, compte]).amo == 2 * compte.amo


def test_what_each_invoice_asks_is_what_its_payee_code_says(reponse: ReponseMasse) -> None:
    for numero, one in said(reponse):
        if numero in (1, 900):  # given to an invoice of another rank
            continue
        amo, amc = ASKED[("15", "05", "25", "15", "00")[numero % 5]]
        assert ("AMO" in one, "AMC" in one) == (amo > 0, amc > 0)
        assert all(one[name][1] == asked for name, asked in (("AMO", amo), ("AMC", amc)) if asked)


def test_an_invoice_that_cannot_be_trusted_is_wholly_rejected(reponse: ReponseMasse) -> None:
    """Number 1 of Anne stands twice (9911); 900 is of Paul in a lot of Anne (9913); the total of 82 is false (9910)."""
    rejects = [(numero, one["rejets"][0][0]) for numero, one in said(reponse) if one["rejets"]]
    assert [one for one in rejects if one[1][:3] == "991"] == [(1, "9911"), (1, "9911"), (900, "9913"), (82, "9910")]
    drawn = {code for _, code in rejects} - {"9910", "9911", "9913"}
    assert drawn == {"9930", "9934", "9921", "9935"}


def test_lire_finds_no_error(reponse: ReponseMasse) -> None:
    found: list[Finding] = []
    for fichier in reponse.fichiers:
        for item in lire([fichier.contenu]):
            found += [item] if isinstance(item, Finding) else item.constats if isinstance(item, EntityRow) else []
    assert {one.code for one in found} == {"noemie.non_couvert", "noemie.prestataires_differents"}
    assert not [one for one in found if one.is_error]


def test_fates_follow_the_invoice_and_not_its_file(world: World) -> None:
    """The same lots in another order, in two files: every invoice that stands once has the same fate."""
    whole = fates_of(b2_file(*world.lots))
    apart = fates_of(b2_file(*world.lots[9::-1])) | fates_of(b2_file(*world.lots[:9:-1]))
    assert apart == whole
    assert fates_of(world.data, SEED + 1) != whole


def fates_of(data: bytes, seed: int = SEED) -> dict[int, tuple[int, int, str]]:
    demandes = read_demandes(data)
    sorts, moins, codes = decide(demandes, seed, TAUX)
    return dict(
        zip(demandes.cles.tolist(), zip(sorts.tolist(), moins.tolist(), codes.tolist(), strict=True), strict=True)
    )


def test_nothing_to_answer_is_no_file() -> None:
    data = b2_file(lot(facture(1, payee="00"), facture(2)))
    reponse = answer_file(data, le=ANSWERDAY, graine=1, taux=TauxMasse(silence=1, rejet=0, paye_moins=0, differe=0))
    assert reponse.fichiers == ()
    assert reponse.compte == CompteMasse(recues=2, muettes=1, sans_demande=1)


def test_a_transfer_that_pays_nothing_has_no_label() -> None:
    data = b2_file(lot(facture(1, line(amc=0), payee="05")))
    taux = TauxMasse(silence=0, rejet=0, paye_moins=0, differe=1)
    (fichier,) = answer_file(data, le=ANSWERDAY, graine=1, taux=taux).fichiers
    (transfer,) = [row for row in lire([fichier.contenu]) if isinstance(row, EntityRow) and row.type == "071"]
    assert transfer.valeurs["libelle_virement_1"] is transfer.valeurs["libelle_virement_2"] is None


def real(data: bytes) -> bytes:
    return damage(data, 2, {"marque": "R"})


def twice(data: bytes) -> bytes:
    return data + data


def false_date(data: bytes) -> bytes:
    return damage(data, 2, {"date_facture": "259999"})


def blank(record: int, champ: str, width: int) -> Callable[[bytes], bytes]:
    return lambda data: damage(data, record, {champ: " " * width})


def unknown_payee(data: bytes) -> bytes:
    return damage(data, 2, {"destinataire_reglement": "77"})


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        (real, UsageError, "caisse.flux_reel"),
        (twice, UsageError, "caisse.plusieurs_fichiers"),
        (false_date, UsageError, "caisse.masse_defaut"),
        (unknown_payee, UsageError, "caisse.masse_defaut"),
        (blank(1, "prestataire", 9), UsageError, "caisse.masse_defaut"),
        (blank(1, "numero_lot", 3), UsageError, "caisse.masse_defaut"),
        (blank(2, "numero_facture", 9), UsageError, "caisse.masse_defaut"),
        (blank(2, "caisse", 3), UsageError, "caisse.masse_defaut"),
        (lambda _: b"%PDF-1.7", UnreadableError, "lecture.pas_a_nous"),
        (lambda data: data[:-128], UsageError, "caisse.masse_defaut"),
    ],
)
def test_what_columns_cannot_answer_is_refused(
    change: Callable[[bytes], bytes], error: type[FseError], code: str
) -> None:
    data = b2_file(lot(facture(1), facture(2)))
    with pytest.raises(error) as refused:
        answer_file(change(data), le=ANSWERDAY, graine=1)
    assert refused.value.code == code
