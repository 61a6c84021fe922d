"""Third-party payment of a general practitioner, from the document to the journal: the card first, then who pays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fse.app.cli import run
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from tests.app import cabinet as plain
from tests.app.cabinet import CABINET, JOUR, document, prestation, write_cabinet
from tests.app.cotation.care import new_practice, priced

DOCTOR = CABINET.replace('specialite = "01"', 'specialite = "01"\nprofession = "medecin"\ndiscipline = "generaliste"')
CARD = "</identite_beneficiaire>"
G = "<acte><code_acte>G</code_acte></acte>"


def visit(reference: str, *, payee: str = "05", said: str = "", card: str = "", actes: str = G) -> str:
    """An invoice of one session; `said`: of who pays, before the session; `card`: what the card says besides."""
    line = prestation(amc=False)
    text = plain.facture(reference, destinataire=payee, lignes=(line,))
    assert line in text
    assert CARD in text
    session = f"<seance><date_soins>{JOUR}</date_soins><lieu>cabinet</lieu>{actes}</seance>"
    return text.replace(line, f"<soins>{said}{session}</soins>", 1).replace(CARD, CARD + card, 1)


@pytest.fixture
def doctor(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "medecin", DOCTOR) as opened:
        yield opened


def test_a_card_in_opposition_is_refused_with_the_article_then_paid_by_the_patient(doctor: Practice) -> None:
    opposed = "<opposition>true</opposition>"
    ended = "<periode_droits><debut>2020-01-01</debut><fin>2026-09-30</fin></periode_droits>"
    for card, code in ((opposed, "ngap.droits-opposition"), (ended, "ngap.droits-a-la-date-des-soins")):
        refused = securiser(doctor, priced(doctor, visit("V-1", card=card)), le=JOUR)
        (constat,) = [one for one in refused.constats if one.code == code]
        assert not refused.factures
        assert constat.is_error
        assert "article 61" in constat.message
        assert "projet du 07/07/2011" in constat.source
    accepted = securiser(doctor, priced(doctor, visit("V-1", payee="00", card=opposed)), le=JOUR)
    assert [one.total_honoraires for one in accepted.factures] == [3000]
    codes = {one.code for one in accepted.constats}
    assert not codes & {"ngap.droits-opposition", "ngap.droits-a-la-date-des-soins"}


def test_on_a_card_in_opposition_a_right_is_lifted_and_the_patient_pays(doctor: Practice) -> None:
    """Neither of the two payees is a dead end: asked of the caisse it is refused, paid by the patient it is secured."""
    said, opposed = "<tiers_payant>ame</tiers_payant>", "<opposition>true</opposition>"
    rate = "<taux>100</taux>"
    asked = securiser(doctor, priced(doctor, visit("V-1", said=rate + said, card=opposed)), le=JOUR)
    assert not asked.factures
    paid = securiser(doctor, priced(doctor, visit("V-1", payee="00", said=rate + said, card=opposed)), le=JOUR)
    assert [one.total_honoraires for one in paid.factures] == [3000]
    codes = [one.code for one in paid.constats if one.code.startswith("ngap.tp-")]
    assert codes == ["ngap.tp-non-garanti"]


def test_a_costly_act_is_secured_with_its_flat_sum(doctor: Practice) -> None:
    """150,00: 126,00 to the caisse, 24,00 to the patient (regles.md I.4); each line is its base at its rate."""
    said = "<tiers_payant>acte-couteux</tiers_payant>"
    act = "<acte><code_acte>ATM</code_acte><prix>15000</prix></acte>"
    missing = securiser(doctor, priced(doctor, visit("V-1", said=said, actes=act)), le=JOUR)
    assert "ngap.pav-manquant" in {one.code for one in missing.constats if one.is_error}
    entree = priced(doctor, visit("V-1", said=said, actes=act + "<acte><code_acte>PAV</code_acte></acte>"))
    result = securiser(doctor, entree, le=JOUR)
    assert [one.total_honoraires for one in result.factures] == [15000], [one.message for one in result.constats]
    assert b"<montant_amo>12600</montant_amo>" in entree
    assert b"<base>2400</base><taux>0</taux>" in b"".join(entree.split())


def test_what_the_caisse_withholds_is_told_and_bills_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A third party pays: 70 % of 30,00, and 12,00 that the caisse takes later, outside the path; 2,00 besides."""
    write_cabinet(tmp_path, DOCTOR)
    said = "<parcours><situation>hors-parcours</situation></parcours><tiers_payant>choix-du-praticien</tiers_payant>"
    (tmp_path / "soins.xml").write_bytes(document(visit("V-1", said=said)))
    monkeypatch.chdir(tmp_path)
    assert run(["coter", "soins.xml"]) == 0
    told = capsys.readouterr().out.replace("\u202f", " ")
    assert "V-1 : 30,00 € (AMO 21,00 €, AMC 0,00 €, patient 9,00 €)" in told
    assert "la caisse retient au patient 12,00 € au plus (acte 1) : hors du parcours de soins" in told
    assert "la caisse retient au patient 2,00 € au plus : participation forfaitaire" in told
    assert run(["coter", "soins.xml", "--format", "json"]) == 0
    ((result,),) = [json.loads(capsys.readouterr().out)]
    (session,) = result["factures"][0]["seances"]
    assert [(one["regle"], one["montant"]) for one in session["retenues"]] == [
        ("parts-hors-parcours", 1200),
        ("retenue-participation", 200),
    ]
    assert len(session["lignes"]) == 1
