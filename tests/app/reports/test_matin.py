"""The morning page: what it says first, that it names nobody and asks for nothing, the figures beside it."""

from __future__ import annotations

import csv
import doctest
import io
import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from lxml import html as lxml_html

from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.reports import write_report
from fse.app.reports.matin import PAGE, barres
from fse.app.reports.matin.choses import things_to_do
from fse.app.reports.matin.contenu import compose
from fse.app.reports.matin.tables import accounting_tables
from fse.app.reports.tableaux import Tableau, csv_bytes
from fse.app.reports.templates import fill
from fse.base.dates import to_days
from fse.base.money import format_euros
from fse.infra.journal.facts import nuits
from tests.app.cabinet import PATIENTS, document, facture, new_practice
from tests.app.emitted import emitted_practice, noe, receive
from tests.app.practices.group import INFIRMIERE, MEDECIN
from tests.app.reports.conftest import Written
from tests.app.reports.month import LE, RELEVE, received
from tests.oracles import noemie_oracle

NARROW = "\N{NARROW NO-BREAK SPACE}"
TABLES = ("a-faire", "virements", "paiements", "rejets", "anciennete")


def words(page: str) -> str:
    """What a reader reads, one blank between words."""
    told = " ".join(" ".join(lxml_html.fromstring(page).xpath("//body//text()")).replace(NARROW, "_").split())
    return re.sub(r" (?=[,.])", "", told.replace("_", " "))


def table(folder: Path, nom: str) -> list[dict[str, str]]:
    """A CSV as a French spreadsheet reads it."""
    content = (folder / f"{nom}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date()


def cents(text: str) -> int:
    assert re.fullmatch(r"-?\d+,\d\d", text), text
    return int(text.replace(",", ""))


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
    told = words(
        fill("matin/page.html", m=many, tables=(), tranches=(), plusieurs=True, limite_detail=40, avec_parquet=False)
    )
    assert "Et 30 autres, dans a-faire.csv." in told
    assert len(accounting_tables(many)[0].lignes) == 70


# --- the empty one ---------------------------------------------------------------------------------------------------


def test_an_empty_practice_has_nothing_to_do(empty: Written) -> None:
    told = words(empty.html)
    assert "Rien à faire ce matin." in told
    assert "Aucune feuille n'attend d'être émise" in told
    assert "choses" not in told
    assert "<nav" not in empty.html
    assert empty.done.a_faire == empty.done.en_jeu == 0
    for nom in TABLES:
        assert table(empty.done.page.parent, nom) == []


# --- the night -------------------------------------------------------------------------------------------------------


def night(practice: Practice, jour: date, *, failed: str = "", ended: bool = True) -> None:
    """A night, as the facts that it leaves."""
    with practice.journal.transaction(now()) as transaction:
        rang = nuits.begin(transaction, jeton="jeton", jour=to_days(jour))
        for ordre, etape in enumerate(("envoyer", "relever")):
            down = etape == failed
            nuits.record_step(
                transaction,
                rang,
                etape=etape,
                ordre=ordre,
                issue="echec" if down else "faite",
                statut=5 if down else 0,
                motif="Le serveur ne répond pas." if down else "",
                comptes={},
            )
        if ended:
            nuits.end(transaction, rang, statut=5 if failed else 0)


@pytest.mark.parametrize(
    ("jour", "options", "said"),
    [
        (LE, {}, "Nuit faite nuit du 20/11"),
        (LE - timedelta(days=1), {}, "Nuit faite nuit du 19/11"),
        (LE, {"failed": "relever"}, "Nuit faite, sauf une partie relève : voir plus bas"),
        (LE, {"failed": "relever"}, "nuit : relève Le serveur ne répond pas."),
        (LE, {"ended": False}, "Nuit interrompue nuit du 20/11 : lancer fse nuit"),
        (date(2026, 11, 17), {}, "Nuit pas faite la dernière est du 17/11/2026 : lancer fse nuit"),
    ],
)
def test_the_first_screen_says_whether_the_night_was_done(
    tmp_path: Path, jour: date, options: dict[str, object], said: str
) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        night(practice, jour, **options)  # type: ignore[arg-type]
        write_report(practice, tmp_path, LE)
    assert said in words((tmp_path / PAGE).read_text(encoding="utf-8"))


def test_a_night_that_is_at_work_writes_the_page_as_its_last_step(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        with practice.journal.transaction(now()) as transaction:
            nuits.take(
                transaction,
                jeton="jeton",
                porteur="ici",
                maintenant=datetime.now(UTC),
                duree=timedelta(minutes=10),
            )
        night(practice, LE, ended=False)
        write_report(practice, tmp_path, LE)
    assert "Nuit faite nuit du 20/11" in words((tmp_path / PAGE).read_text(encoding="utf-8"))


def test_without_any_night_it_says_so(empty: Written) -> None:
    assert "Pas de nuit fse nuit n'a jamais tourné ici" in words(empty.html)


def test_the_lengths_of_bars() -> None:
    assert doctest.testmod(barres) == (0, 1)
    assert [one.fin for one in barres.bars([("rien", (0, -5)), ("997", (1, 0))])] == [0, barres.LARGEUR]


# --- the tables ------------------------------------------------------------------------------------------------------


def test_the_transfers_are_those_that_the_returns_state(busy: Written) -> None:
    """Against the bytes that were received and booked, read by an oracle that knows nothing of `fse`."""
    stated = sorted(
        amount for content in received(busy.practice) for *_, amount in noemie_oracle.transfer_amounts(content)
    )
    told = table(busy.done.page.parent, "virements")
    assert len(told) > 25
    assert sorted(cents(row["montant"]) for row in told) == stated


def test_each_transfer_is_told_with_its_proof(busy: Written) -> None:
    """The statement of the scene holds all that was announced before its last day, but for the greatest amount."""
    told = table(busy.done.page.parent, "virements")
    covered = [row for row in told if day(row["date"]) < RELEVE and cents(row["montant"])]
    absent = [row for row in covered if row["sur_le_compte"] == "non"]
    assert [cents(row["montant"]) for row in absent] == [max(cents(row["montant"]) for row in covered)]
    assert all(day(row["vu_le"]) == day(row["date"]) + timedelta(days=1) for row in covered if row not in absent)
    later = {row["sur_le_compte"] for row in told if day(row["date"]) > RELEVE}
    assert later == {"non"}
    page = words(busy.html)
    assert "Virement annoncé qui n'est pas sur le compte – 1 virement" in page
    assert "courant (…0001) : relevés jusqu'au 16/11/2026" in page
    assert "Paiement d'un organisme qu'aucun retour n'explique" in page
    recent = [row for row in covered if LE - day(row["date"]) <= timedelta(days=31) and row["sur_le_compte"] == "oui"]
    seen = format_euros(sum(cents(row["montant"]) for row in recent)).replace(NARROW, " ")
    assert f"dont {seen} vus sur le compte" in page


def test_the_payments_of_a_transfer_make_it_to_the_centime(busy: Written) -> None:
    folder = busy.done.page.parent
    paid: defaultdict[str, int] = defaultdict(int)
    for row in table(folder, "paiements"):
        paid[row["virement"]] += cents(row["paye"])
    transfers = table(folder, "virements")
    for row in transfers:
        rest = cents(row["forfaits"]) - cents(row["retenues"])
        assert paid[row["virement"]] + rest == cents(row["montant"]), row
        assert cents(row["rapproche"]) + cents(row["sans_facture"]) == paid[row["virement"]]
    assert set(paid) == {row["virement"] for row in transfers if paid[row["virement"]]} | {
        name for name, amount in paid.items() if not amount
    }


def test_what_is_to_do_and_what_is_owed_add_up(busy: Written) -> None:
    folder = busy.done.page.parent
    ages = ("de_0_a_10_jours", "de_11_a_30_jours", "de_31_a_60_jours", "de_61_a_90_jours", "plus_de_90_jours")
    for row in table(folder, "anciennete"):
        assert sum(cents(row[age]) for age in ages) == cents(row["montant"])
    lots = 20_050  # the only thing to do whose amount is that of lots: it has no line in the table
    listed = sum(abs(cents(row["montant"])) for row in table(folder, "a-faire"))
    assert listed + lots == busy.done.en_jeu


def test_parquet_says_the_same_as_csv(busy: Written) -> None:
    folder = busy.done.page.parent
    for nom in TABLES:
        rows = pq.read_table(folder / f"{nom}.parquet").to_pylist()
        told = table(folder, nom)
        assert len(rows) == len(told)
        for row, line in zip(rows, told, strict=True):
            assert list(row) == list(line)
            for name, cell in row.items():
                if isinstance(cell, date):
                    assert line[name] == f"{cell:%d/%m/%Y}"
                elif isinstance(cell, Decimal):
                    assert line[name] == f"{cell:.2f}".replace(".", ",")
                else:
                    assert line[name] == ("" if cell is None else str(cell))


def test_a_text_that_a_spreadsheet_would_compute_stays_a_text() -> None:
    one = Tableau(
        nom="x",
        libelle="",
        colonnes=(("libelle", "texte"), ("montant", "montant"), ("jour", "date"), ("nombre", "nombre")),
        lignes=[("=1+1", -5, date(2026, 1, 2), None), ("a;b", 123_456, None, -3)],
    )
    assert csv_bytes(one).decode("utf-8-sig") == (
        'libelle;montant;jour;nombre\r\n\'=1+1;-0,05;02/01/2026;\r\n"a;b";1234,56;;-3\r\n'
    )


def test_what_a_payer_writes_is_escaped(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("A-1")), le=LE)
        matin = compose(practice, LE, None)
    odd = replace(matin, suivi=replace(matin.suivi, taches=(replace(matin.suivi.taches[0], organisme="<b>&"),)))
    page = fill("matin/page.html", m=odd, tables=(), tranches=(), plusieurs=False, limite_detail=9, avec_parquet=False)
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
