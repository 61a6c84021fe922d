"""The morning page: what it says first, that it names nobody and asks for nothing, the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from fse.app.cli.suivi import print_suivi
from fse.app.operations.banque.suivi import LigneBancaire
from fse.app.operations.motifs import RejetInconnu
from fse.app.operations.practice import Practice
from fse.app.operations.suivi import RetourEcarte, Suivi, suivi
from fse.app.operations.worklist.echeances import CahierAttendu
from fse.app.reports import write_report
from fse.app.reports.matin import PAGE
from fse.app.reports.matin.choses import things_to_do
from fse.app.reports.matin.contenu import compose
from fse.app.reports.matin.tables import accounting_tables
from fse.domain.echeances.delais import Echeance
from tests.app.cabinet import JOUR, PATIENTS, new_practice
from tests.app.cotation.care import THERAPIST
from tests.app.cotation.care import new_practice as care_practice
from tests.app.emitted import emitted_practice, noe, receive
from tests.app.obligations.test_obligations import REPORT, assessed, secure
from tests.app.practices.group import INFIRMIERE, MEDECIN
from tests.app.reports.conftest import Written
from tests.app.reports.month import LE
from tests.app.reports.page import TABLES, filled, table, words

NARROW = "\N{NARROW NO-BREAK SPACE}"


# --- six invoices, every figure by hand ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """1 paid; 2: AMC (9,00) rejected; 3: the AMO of a line (7,00) rejected; 4: AMO (21,00) rejected; 5: AMO paid 18,00
    for 21,00; 6 paid by the patient.
    """
    folder = tmp_path_factory.mktemp("petit")
    with emitted_practice(folder / "cabinet") as practice:
        receive(practice, noe())
        write_report(practice, folder, date(2026, 10, 20))
    return (folder / PAGE).read_text(encoding="utf-8")


def test_every_figure_of_a_small_month(small: str) -> None:
    told = words(small)
    for said in (
        "Le matin du mardi 20 octobre 2026",
        "2 choses à faire, 40,00 € en jeu.",
        "Dû par les organismes 40,00 € sur 151,00 € demandés",  # 30 + 30 + 40 + 21 + 30; the sixth asks nothing
        "Virements annoncés en 31 jours 111,00 € 1 virement",  # 30 + 21 + 33 + 0 + 27
        "Rejetée – 2 factures Lire le motif",
        "30,00 € montant demandé",
        "Payée en partie – 2 factures",
        "10,00 € montant qui manque",
        "0250 ASSURE INCONNU DE LA CAISSE",
        "Demandé 151,00 Payé 111,00 Reste dû 40,00",
        "6 factures envoyées, 1 soldée, 1 sans retour attendu",
    ):
        assert said in told, said
    assert told.index("Rejetée – 2") < told.index("Payée en partie – 2")


# --- the busy month --------------------------------------------------------------------------------------------------


def test_the_greatest_amounts_come_first(busy: Written) -> None:
    page = lxml_html.fromstring(busy.html)
    assert [one.text_content() for one in page.xpath("//main//h2")][:3] == [
        "À faire d'abord",
        "Ce qui attend la carte",
        "Délais légaux proches",
    ]
    told = [" ".join(one.text_content().split()) for one in page.xpath('//ol[@class="choses"]//p[@class="montant"]')]
    amounts = [int(re.sub(r"\D", "", one.split("€")[0])) for one in told if one]
    assert len(amounts) >= 6
    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == busy.done.en_jeu
    assert told[len(amounts) :] == [""] * (len(told) - len(amounts)), "what has no amount comes last"
    assert len(told) == busy.done.a_faire


def test_each_thing_to_do_says_what_to_do_and_leads_to_its_lines(busy: Written) -> None:
    page = lxml_html.fromstring(busy.html)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for one in page.xpath('//ol[@class="choses"]/li'):
        assert one.xpath('.//p[@class="action"]')[0].text_content().strip()
    for target in page.xpath("//a/@href"):
        known = target[1:] in ids if target.startswith("#") else (busy.done.page.parent / target).is_file()
        assert known, target


def test_what_needs_the_card_what_is_late_and_what_is_to_post_is_said(busy: Written) -> None:
    told = words(busy.html)
    for said in (
        "En attente d'un lot 7 feuilles 322,70 €",
        "en retard : c'était le 19/11 renvoi à faire 3 lots 200,50 € R161-47 I 1°",
        "Feuilles papier à poster – 1 facture jusqu'au 27/11",
        "Pièces justificatives : à envoyer – 1 pièce",
        "Accusé de réception manquant – 3 lots",
    ):
        assert said in told, said


def test_it_names_nobody(busy: Written) -> None:
    names = ("LEFEVRE", "LEFÈVRE", *(nir for nir, _, _ in PATIENTS))
    for path in busy.done.page.parent.iterdir():
        content = path.read_bytes().upper()
        for secret in names:
            for encoding in ("utf-8", "latin-1"):
                assert secret.upper().encode(encoding) not in content, f"{path.name}: {secret}"


def test_it_needs_no_network_and_no_script(busy: Written, empty: Written) -> None:
    for written in (busy, empty):
        page = written.html
        assert not re.search(r"https?:|//|<script|<link|<img|<iframe|@import|url\(|\bon\w+=|javascript:", page, re.I)
        assert "default-src 'none'" in page


def test_the_structure_is_readable_without_seeing(busy: Written, empty: Written) -> None:
    for written in (busy, empty):
        page = lxml_html.fromstring(written.html)
        assert page.get("lang") == "fr"
        levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for one in page.xpath("//table"):
            assert one.xpath("./caption")[0].text_content().strip()
        assert all(one.get("scope") for one in page.xpath("//th"))
        assert len(page.xpath("//main")) == 1
        for one in page.xpath("//svg"):
            assert one.get("role") == "img"
            assert one.get("aria-label")
        for one in page.xpath("//section"):
            assert page.xpath(f'//*[@id="{one.get("aria-labelledby")}"]')


def test_the_same_journal_on_the_same_day_makes_the_same_bytes(busy: Written, tmp_path: Path) -> None:
    head = busy.practice.journal.head()
    again = write_report(busy.practice, tmp_path, LE)
    assert busy.practice.journal.head() == head, "writing the page changes nothing"
    assert head.mac[:16] in busy.html
    first = {path.name: path.read_bytes() for path in busy.done.page.parent.iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert set(first) == {PAGE, *(f"{one}.{end}" for one in TABLES for end in ("csv", "parquet"))}
    assert len(again.tables) == 10


def test_each_morning_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        write_report(practice, tmp_path / "page", LE)
        write_report(practice, tmp_path / "page", LE + timedelta(days=1))
    assert "samedi 21 novembre 2026" in (tmp_path / "page" / PAGE).read_text(encoding="utf-8")
    assert len(list((tmp_path / "page").iterdir())) == 11


def test_a_practitioner_alone(busy: Written, tmp_path: Path) -> None:
    write_report(busy.practice, tmp_path, LE, praticiens=(INFIRMIERE,))
    assert {row["praticien"] for row in table(tmp_path, "paiements")} == {INFIRMIERE}
    assert {row["praticien"] for row in table(tmp_path, "a-faire")} == {INFIRMIERE}
    assert {row["praticien"] for row in table(busy.done.page.parent, "paiements")} == {MEDECIN, INFIRMIERE}
    assert "SACHA ESSAI" in words((tmp_path / PAGE).read_text(encoding="utf-8"))


def test_a_long_list_is_cut_and_says_where_the_rest_is(busy: Written) -> None:
    matin = compose(busy.practice, LE, None)
    sheets = tuple(one for one in matin.suivi.taches if one.nature == "a_emettre")
    many = replace(matin, suivi=replace(matin.suivi, taches=sheets * 10))
    (thing, *_) = things_to_do(many.suivi)
    assert (thing.quoi, thing.montant) == ("70 feuilles", 322_700)
    told = words(filled(many))
    assert "Et 30 autres, dans a-faire.csv." in told
    assert sum(line[0] == "En attente d'un lot" for line in accounting_tables(many)[0].lignes) == 70


# --- the empty one ---------------------------------------------------------------------------------------------------


def test_an_empty_practice_has_nothing_to_do(empty: Written) -> None:
    told = words(empty.html)
    assert "Rien à faire ce matin." in told
    assert "Aucune feuille n'attend d'être émise" in told
    assert "choses" not in told
    assert "<nav" not in empty.html
    assert (empty.done.a_faire, empty.done.en_jeu, empty.done.reserve, empty.done.laisses) == (0, None, "", 0)
    for nom in TABLES:
        assert table(empty.done.page.parent, nom) == []


# --- every list of the worklist ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def therapist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Two duties of a speech therapist: the reports of two assessments."""
    with care_practice(tmp_path_factory.mktemp("ortho") / "cabinet", THERAPIST) as practice:
        secure(practice, assessed("V-1", "avec-reeducation"), assessed("V-2", "avec-reeducation", patient=1))
        yield practice


def test_the_duties_of_a_speech_therapist_are_on_the_page_as_in_suivi(
    therapist: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_report(therapist, tmp_path, JOUR)
    told = words((tmp_path / PAGE).read_text(encoding="utf-8"))
    followed = suivi(therapist, le=JOUR)
    print_suivi(followed)
    printed = capsys.readouterr().out
    assert [(one.numero, one.nature) for one in followed.obligations] == [(1, REPORT), (2, REPORT)]
    libelle = followed.obligations[0].libelle
    title = libelle[0].upper() + libelle[1:]
    assert f"{title} – 2 factures" in told
    assert f"{title} : 2" in printed
    for said in (followed.obligations[0].action, f"Une fois fait : fse obligation faite NUMERO {REPORT}"):
        assert said in told
        assert said in printed
    assert "Facture 000000001, depuis le 02/10/2026" in told
    rows = [row for row in table(tmp_path, "a-faire") if row["quoi"] == "obligation"]
    assert [(row["facture"], row["depuis"], row["en_jeu"]) for row in rows] == [
        ("1", "02/10/2026", ""),
        ("2", "02/10/2026", ""),
    ]


def test_each_list_of_the_worklist_reaches_the_page(busy: Written, therapist: Practice) -> None:
    """A list that `Suivi` gains later must be told here: one sign of each, put in a worklist and read on the page."""
    matin = compose(busy.practice, LE, None)
    base = matin.suivi
    ecarte = RetourEcarte(
        fichier="f" * 64, identifiant="ECARTE1", emetteur="998", recu_le=LE, motif="x.y", action="Faire ceci."
    )
    unknown = RejetInconnu(code="9ZZ", precision="", libelle="MOTIF NEUF", factures=(1,), action="L'expliquer.")
    due = Echeance(nom="cahier", libelle="à installer", le=LE, article="A", regime="droit", source="S")
    cahier = CahierAttendu(version="1.40.99", echeance=due)
    changed = {
        "taches": (replace(base.taches[0], organisme="TACHE-1"), *base.taches[1:]),
        "transmissions": (replace(base.transmissions[0], organisme="LOT-1"), *base.transmissions[1:]),
        "pieces": (replace(base.pieces[0], detail="PIECE-1"), *base.pieces[1:]),
        "obligations": (replace(suivi(therapist, le=JOUR).obligations[0], libelle="OBLIGATION-1"),),
        "anciennete": (replace(base.anciennete[0], organisme="FONDS-1"), *base.anciennete[1:]),
        "dettes": (replace(base.dettes[0], reference="DETTE-1"), *base.dettes[1:]),
        "virements": (*base.virements[:-1], replace(base.virements[-1], payeur="PAYEUR-1")),
        "ecartes": (ecarte,),
        "rejets_inconnus": (unknown,),
    }
    lists = {one.name for one in fields(Suivi) if isinstance(getattr(base, one.name), tuple)}
    assert lists == set(changed)
    full = replace(matin, suivi=replace(base, **changed, cahier_des_charges=cahier))
    told = words(filled(full))
    for sign in (
        *("TACHE-1", "LOT-1", "PIECE-1", "OBLIGATION-1", "FONDS-1", "DETTE-1", "PAYEUR-1", "ECARTE1"),
        *("9ZZ « MOTIF NEUF »", "L'expliquer.", "Installer SESAM-Vitale 1.40.99"),
    ):
        assert sign in told, sign
    listed = accounting_tables(full)[0]
    names = [name for name, _ in listed.colonnes]
    rows: list[dict[str, Any]] = [dict(zip(names, line, strict=True)) for line in listed.lignes]
    assert sum(row["en_jeu"] or 0 for row in rows) == full.en_jeu
    assert len({row["a_faire"] for row in rows}) == len(full.choses)
    assert {"retour ECARTE1", "obligation", "1 version"} <= {row["quoi"] for row in rows}


def test_the_proofs_of_transfers_agree_with_suivi(busy: Written, capsys: pytest.CaptureFixture[str]) -> None:
    """One whose amount cannot be read is of the month too; a movement that may be its proof comes with its command."""
    matin = compose(busy.practice, LE, None)
    *first, last = matin.suivi.virements
    assert last.preuve is not None
    line = LigneBancaire(ligne="abcdef01:3", jour=LE, montant=12)
    proof = replace(last.preuve, nature="attendu", prouve_le=None, suggestions=(line,))
    unread = replace(last, montant=None, libelles=("SANS", "MONTANT"), preuve=proof)
    odd = replace(matin, suivi=replace(matin.suivi, virements=(*first, unread)))
    print_suivi(odd.suivi)
    printed = " ".join(capsys.readouterr().out.split())
    told = words(filled(odd))
    assert "SANS / MONTANT : montant illisible" in printed
    assert "SANS / MONTANT" in told
    (absent,) = (one for one in matin.suivi.taches if one.nature.startswith("virement_"))
    (unexplained,) = (one for one in matin.suivi.taches if one.nature == "paiement_inexplique")
    for subject in (f"virement {absent.ligne}", f"ligne de relevé {unexplained.ligne}"):
        assert subject in printed
        assert subject in told
    command = f"fse rattacher abcdef01:3 --virement {last.nom} --motif …"
    assert command in printed
    assert command in told
    told = words(busy.html)
    seen = [one for one in matin.suivi.virements_du_mois if one.preuve and not one.preuve.nature]
    assert told.count("vu le ") == len(seen)


# --- what is told only once, and only when it is known ---------------------------------------------------------------


def test_a_paper_sheet_is_to_post_and_waits_for_nothing(busy: Written) -> None:
    matin = compose(busy.practice, LE, None)
    (posted,) = (one for one in matin.choses if one.ancre == "papier")
    waiting = [one for one in matin.suivi.taches if one.nature in ("attendue", "differee") and not one.lot]
    (paper,) = posted.taches
    assert paper in waiting
    assert sum(int(one.quoi.split()[0]) for one in matin.attentes) == len(waiting) - 1
    assert sum(one.montant for one in matin.attentes) == sum(one.montant for one in waiting) - paper.montant


def test_no_amount_is_said_when_none_is_known(therapist: Practice, empty: Written, tmp_path: Path) -> None:
    matin = compose(therapist, JOUR, None)
    only = replace(matin, suivi=replace(matin.suivi, taches=(), transmissions=()))
    told = words(filled(only))
    assert "1 chose à faire. Cette nuit" in told
    assert only.en_jeu is None
    assert "0,00 €" not in words(empty.html)


def test_a_day_of_another_year_has_its_year(busy: Written) -> None:
    matin = compose(busy.practice, LE, None)
    later = date(2027, 12, 5)
    told = words(filled(replace(matin, le=later)))
    assert "en retard : c'était le 19/11/2026" in told
    assert "nuit du 20/11/2026" in told
    assert not re.search(r"(?:c'était le|jusqu'au|vu le|nuit du) \d\d/\d\d(?!/)", told)
