"""Starting from previous software: its numbers go on, its open invoices are settled, the others are said to be older.

The previous software is another practice of ours, whose sheets have left (`tests.app.emitted`): invoices 1 to 6, in the
lot 1 of the day.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from fse.app.operations.annuler import annuler
from fse.app.operations.clock import now
from fse.app.operations.emettre import emettre
from fse.app.operations.facture import facture as history
from fse.app.operations.practice import Practice
from fse.app.operations.reprise import Reprise, reprise
from fse.app.operations.securiser import securiser
from fse.app.operations.states import rebuild
from fse.base.errors import UnreadableError, UsageError
from tests.app.cabinet import JOUR, PATIENTS, PRESTATAIRE, document, facture, signer
from tests.app.emitted import RETOUR, derived, noe, receive, rows

LAST = f"""
cabinet = "essai"
dernier_fichier = 12
factures = "ouvertes.csv"

[[prestataires]]
numero = "{PRESTATAIRE}"
dernier_numero = 6
dernier_lot = 1
date_dernier_lot = {JOUR}
"""
NIR = PATIENTS[0][0]
HEADER = "numero;date_facture;numero_lot;date_lot;envoyee_le;demande_amo;demande_amc;organisme;nir;nom;reference"


def row(numero: int, amo: int = 2100, amc: int = 900, lot: int = 1, nom: str = "LEFEVRE") -> str:
    return f"{numero};{JOUR};{lot};{JOUR};{JOUR};{amo};{amc};998;{NIR};{nom};A-{numero}"


OPEN = (row(1), row(2), row(4, amc=0))


def take_over(practice: Practice, *lines: str, text: str = LAST, header: str = HEADER) -> Reprise:
    folder = practice.cabinet.folder
    (folder / "ouvertes.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return reprise(practice, text.encode(), dossier=folder, auteur="essai", le=RETOUR)


def codes(result: Reprise) -> list[str]:
    assert not result.constats or (result.prestataires, result.factures) == ((), ())
    return [one.code.removeprefix("reprise.") for one in result.constats]


def natures(practice: Practice) -> dict[int, str]:
    return {one["numero"]: one["nature"] for one in rows(practice, "SELECT numero, nature FROM residu")}  # type: ignore[misc]


def states(practice: Practice) -> dict[int, str]:
    return {one["numero"]: one["etat"] for one in rows(practice, "SELECT numero, etat FROM etat_facture")}  # type: ignore[misc]


def test_open_invoices_are_settled_and_the_others_are_older(practice: Practice) -> None:
    assert not take_over(practice, *OPEN).constats
    assert states(practice) == {1: "en_cours", 2: "en_cours", 4: "en_cours"}
    receive(practice, noe())
    assert states(practice) == {1: "soldee", 2: "a_traiter", 4: "a_traiter"}
    assert natures(practice) == {3: "anterieur_a_la_reprise", 5: "anterieur_a_la_reprise"}
    policies = {one["politique"] for one in rows(practice, "SELECT politique FROM appariement")}
    assert policies == {"exacte"}


def test_a_return_received_before_is_matched_then(practice: Practice) -> None:
    receive(practice, noe())
    assert set(natures(practice).values()) == {"facture_inconnue"}
    take_over(practice, *OPEN)
    assert states(practice) == {1: "soldee", 2: "a_traiter", 4: "a_traiter"}
    assert natures(practice) == {3: "anterieur_a_la_reprise", 5: "anterieur_a_la_reprise"}
    before = derived(practice)
    with practice.journal.transaction(now()) as transaction:
        rebuild(transaction)
    assert derived(practice) == before


def test_numbers_go_on(practice: Practice) -> None:
    take_over(practice, *OPEN)
    (secured,) = securiser(practice, document(facture("V-1")), le=JOUR).factures
    assert secured.numero == 7
    (fichier,) = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR).fichiers
    assert [(lot.numero_lot, lot.factures) for lot in fichier.lots] == [(2, (7,))]
    assert fichier.chemin.name.endswith("-000013.b2")


def test_the_same_again_does_nothing(practice: Practice) -> None:
    first = take_over(practice, *OPEN)
    head, before = practice.journal.head(), derived(practice)
    again = take_over(practice, *OPEN)
    assert [one.deja_reprise for one in first.factures] == [False] * 3
    assert [one.deja_reprise for one in again.factures] == [True] * 3
    assert (first.prestataires[0].deja_repris, again.prestataires[0].deja_repris) == (False, True)
    assert (practice.journal.head(), derived(practice)) == (head, before)


def test_an_invoice_that_was_forgotten_completes(practice: Practice) -> None:
    take_over(practice, row(1))
    receive(practice, noe())
    assert natures(practice)[5] == "anterieur_a_la_reprise"
    added = take_over(practice, row(1), row(5))
    assert [(one.numero, one.deja_reprise) for one in added.factures] == [(1, True), (5, False)]
    assert states(practice)[5] == "a_traiter"
    assert 5 not in natures(practice)


def test_another_content_is_refused_with_what_differs(practice: Practice) -> None:
    take_over(practice, *OPEN)
    changed = take_over(practice, row(1, amo=2101, nom="MARTIN"))
    assert codes(changed) == ["facture_differente"] * 2
    assert [one.place.champ for one in changed.constats] == ["demande_amo", "nom"]
    assert "Ligne 2 de ouvertes.csv, clé « demande_amo »" in changed.constats[0].message
    assert "avec 2100, et non 2101" in changed.constats[0].message
    assert "MARTIN" not in changed.constats[1].message
    assert "LEFEVRE" not in changed.constats[1].message
    told = take_over(practice, text=LAST.replace("= 6", "= 8").replace("= 12", "= 13").replace("lot = 1", "lot = 2"))
    assert [one.place.champ for one in told.constats] == ["dernier_numero", "dernier_lot", "dernier_fichier"]
    assert codes(told) == ["deja_faite"] * 3
    assert "Ligne 8, clé « dernier_numero »" in told.constats[0].message


def test_it_may_come_late_when_it_contradicts_nothing(practice: Practice) -> None:
    """Invoices of ours from 1 on contradict it: the previous software gave these numbers too."""
    securiser(practice, document(facture("V-1")), le=JOUR)
    refused = take_over(practice, *OPEN)
    assert codes(refused) == ["numero_securise"] * 2
    assert [one.place.champ for one in refused.constats] == ["dernier_numero", "numero"]
    assert rows(practice, "SELECT * FROM reprise") == []


def test_it_may_come_after_invoices_numbered_above(practice: Practice) -> None:
    with practice.journal.transaction(now()) as transaction:
        for _ in range(10):
            transaction.allocate(f"facture/{PRESTATAIRE}")
    securiser(practice, document(facture("V-1")), le=JOUR)
    assert not take_over(practice, *OPEN).constats
    assert states(practice).keys() == {1, 2, 4, 11}
    (secured,) = securiser(practice, document(facture("V-2")), le=JOUR).factures
    assert secured.numero == 12


def test_a_lot_of_ours_is_not_one_of_the_previous_software(practice: Practice) -> None:
    with practice.journal.transaction(now()) as transaction:
        for _ in range(10):
            transaction.allocate(f"facture/{PRESTATAIRE}")
    securiser(practice, document(facture("V-1")), le=JOUR)
    emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR)
    assert codes(take_over(practice, row(1))) == ["lot_constitue"] * 2
    text = LAST.replace("dernier_lot = 1", "dernier_lot = 2")
    assert codes(take_over(practice, row(1, lot=2), text=text)) == []


def test_its_history_is_told_like_any_other(practice: Practice) -> None:
    take_over(practice, *OPEN, f"3;{JOUR};;;{JOUR};4000;;998;;;")
    receive(practice, noe())
    told = history(practice, 1, en_clair=True, auteur="essai")
    assert (told.mode, told.etat, told.nir, told.nom, told.reference) == ("reprise", "soldee", NIR, "LEFEVRE", "A-1")
    assert {part.partie: part.paye for part in told.parts} == {"AMO": 2100, "AMC": 900}
    blank = history(practice, 3)
    assert (blank.nir, blank.nom, blank.prenom, blank.reference) == ("", "", "", "reprise-000000003")
    assert {step.evenement for step in blank.etapes} >= {"emise", "ligne", "part"}


def test_a_reject_is_corrected_under_a_number_of_ours(practice: Practice) -> None:
    take_over(practice, *OPEN)
    receive(practice, noe())
    corrected = facture("V-4", patient=3, destinataire="05", before="<remplace>4</remplace>")
    (secured,) = securiser(practice, document(corrected), le=RETOUR).factures
    assert secured.numero == 7
    assert states(practice)[4] == "corrigee"


def test_it_is_not_cancelled_and_its_reference_serves_once(practice: Practice) -> None:
    take_over(practice, *OPEN)
    with pytest.raises(UsageError) as raised:
        annuler(practice, 1, motif="essai", auteur="moi", le=RETOUR)
    assert raised.value.code == "facture.deja_partie"
    found = securiser(practice, document(facture("A-1")), le=RETOUR).constats
    assert "securisation.reference_prise" in {one.code for one in found}


def test_nothing_personal_is_in_clear(practice: Practice) -> None:
    take_over(practice, row(1, nom="ZYGOMATIQUE"))
    practice.journal.close()
    for path in practice.cabinet.folder.glob("journal.sqlite*"):
        content = path.read_bytes()
        assert b"ZYGOMATIQUE" not in content
        assert NIR.encode() not in content


def test_one_event_tells_it(practice: Practice) -> None:
    take_over(practice, *OPEN)
    (event,) = rows(practice, "SELECT contenu FROM evenement WHERE genre = 'reprise_effectuee'")
    told = json.loads(str(event["contenu"]))
    assert [one["prestataire"] for one in told["reprises"]] == [PRESTATAIRE]
    assert [(one["numero"], one["numero_lot"]) for one in told["factures"]] == [(1, 1), (2, 1), (4, 1)]
    assert practice.journal.verify() == []


def test_toml_tables_say_the_same_as_a_csv(practice: Practice) -> None:
    take_over(practice, row(1))
    text = LAST.replace('factures = "ouvertes.csv"\n', "") + (
        f"\n[[factures]]\nnumero = 1\ndate_facture = {JOUR}\nnumero_lot = 1\ndate_lot = {JOUR}\nenvoyee_le = {JOUR}\n"
        f'demande_amo = 2100\ndemande_amc = 900\norganisme = "998"\nnir = "{NIR}"\nnom = "LEFEVRE"\nreference = "A-1"\n'
    )
    assert [one.deja_reprise for one in take_over(practice, text=text).factures] == [True]


def test_the_destination_table_says_who_pays(practice: Practice) -> None:
    header = HEADER.replace("organisme", "regime;caisse;centre")
    line = row(1).replace(";998;", ";01;998;0000;")
    assert not take_over(practice, line, header=header).constats
    assert rows(practice, "SELECT organisme, type_destinataire, centre FROM facture") == [
        {"organisme": "998", "type_destinataire": "CT", "centre": "998"}
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"cabinet = ", "reprise.illisible"),
        (b"\xff\xfe", "reprise.illisible"),
        (b'factures = "vide.csv"', "reprise.illisible"),
        (b'factures = "latin.csv"', "reprise.illisible"),
        (b'factures = "guillemet.csv"', "reprise.illisible"),
        (b'factures = "absent.csv"', "entree.absente"),
        (b'factures = "\\u0000"', "reprise.illisible"),
    ],
)
def test_what_is_no_description_is_one_error(practice: Practice, tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "vide.csv").write_bytes(b"\n\n")
    (tmp_path / "latin.csv").write_bytes("numero;prénom\n".encode("latin-1"))
    (tmp_path / "guillemet.csv").write_bytes(b'numero\n"1"2\n')
    with pytest.raises((UnreadableError, UsageError)) as raised:
        reprise(practice, content, dossier=tmp_path, auteur="essai", le=date(2026, 10, 8))
    assert raised.value.code == code
