"""The files of a scenario: what `[[fichier]]` can say, each way of getting it wrong, and who answers which part."""

from datetime import date

import pytest

from fse.app.caisse.scenario import Scenario, read_scenario
from fse.app.caisse.scenario.wanted import Emetteur, day_of
from fse.base.errors import UsageError
from tests.app.caisse.world import ANNE, ANSWERDAY, PAUL, Pki, answers_of, ask, entities, facture, header, lot
from tests.oracles import noemie_oracle


def read(text: str) -> Scenario:
    return read_scenario(text.encode(), "s.toml")


def test_all_keys_of_a_file_are_read() -> None:
    (one,) = read(
        f"""
        reste = false
        [[fichier]]
        nom = "a"
        jour = 3
        arrivee = 2025-04-01
        identifiant = "ABC123"
        emetteur = {{ type = "OC", numero = "99800001", nom = "MUTUELLE" }}
        mandataire = "{ANNE}"
        programme = "AUTRE"
        perdu = true
        [[fichier.virement]]
        beneficiaire = "{PAUL}"
        jour = 4
        libelle_1 = ""
        libelle_2 = "Libellé"
        organisme = "MUT"
        part = "AMC"
        reste = true
        faux_controle = {{ nombre = 2, somme = -5 }}
        """
    ).fichiers
    assert (one.nom, one.jour, one.arrivee, one.identifiant) == ("a", 3, date(2025, 4, 1), "ABC123")
    assert one.emetteur == Emetteur(type="OC", numero="99800001", nom="MUTUELLE")
    assert (one.mandataire, one.programme, one.perdu, one.rang) == (ANNE, "AUTRE", True, 1)
    (transfer,) = one.virements
    assert (transfer.beneficiaire, transfer.jour, transfer.libelle_1, transfer.libelle_2) == (PAUL, 4, "", "Libellé")
    assert (transfer.organisme, transfer.part, transfer.reste) == ("MUT", "AMC", True)
    assert (transfer.faux_nombre, transfer.faux_somme, transfer.is_false) == (2, -5, True)


def test_a_day_is_a_date_or_a_distance() -> None:
    assert day_of(3, ANSWERDAY, date(2000, 1, 1)) == date(2025, 3, 23)
    assert day_of(date(2024, 1, 1), ANSWERDAY, date(2000, 1, 1)) == date(2024, 1, 1)
    assert day_of(None, ANSWERDAY, date(2000, 1, 1)) == date(2000, 1, 1)


F = "[[fichier]]\n"
ONE = F + 'nom = "a"\nreponse = [{ numero = 1 }]\n'
AT = "s.toml, fichier n° 1"
WRONG = {
    "unknown key": (F + "nombre = 1", "scenario.cle_inconnue", AT),
    "nothing in it": (F + 'nom = "a"', "scenario.cle_absente", AT),
    "the same name twice": (ONE + ONE, "scenario.double", "s.toml, fichier n° 2"),
    "a name in capitals": (F + 'nom = "A"\nreste = true', "scenario.valeur", AT),
    "a day as text": (F + 'jour = "2025-03-20"\nreste = true', "scenario.valeur", AT),
    "a day before": (F + "jour = -1\nreste = true", "scenario.valeur", AT),
    "a repeated file that is not there": (F + 'repete = "a"', "scenario.valeur", AT),
    "a corrected file that comes after": (F + 'corrige = "a"\nreste = true\n' + ONE, "scenario.valeur", AT),
    "repeated with something else": (ONE + F + 'repete = "a"\njour = 1', "scenario.valeur", "s.toml, fichier n° 2"),
    "corrected with another day": (
        ONE + F + 'corrige = "a"\njour = 1\nreste = true',
        "scenario.valeur",
        "s.toml, fichier n° 2",
    ),
    "an emitter without name": (
        F + 'emetteur = { type = "OC", numero = "1" }\nreste = true',
        "scenario.cle_absente",
        f"{AT}, emetteur",
    ),
    "an emitter that writes no return": (
        F + 'emetteur = { type = "TP", numero = "1", nom = "A" }\nreste = true',
        "scenario.valeur",
        f"{AT}, emetteur",
    ),
    "silence in a file": (F + "reponse = [{ numero = 1, silence = true }]", "scenario.valeur", f"{AT}, reponse n° 1"),
    "silence and an answer": (
        ONE + "[[reponse]]\nnumero = 1\nsilence = true",
        "scenario.double",
        f"{AT}, reponse n° 1",
    ),
    "twice in a transfer": (
        F + "reponse = [{ numero = 1 }, { numero = 1 }]",
        "scenario.double",
        f"{AT}, reponse n° 1",
    ),
    "a part that the transfer does not pay": (
        F + 'part = "AMC"\nreponse = [{ numero = 1, amo = { montant = 1 } }]',
        "scenario.valeur",
        f"{AT}, reponse n° 1",
    ),
    "a lot outside a file": ("[[reponse]]\nnumero = 1\nlot = 2", "scenario.valeur", "s.toml, reponse n° 1"),
    "a transfer that is no table": (F + "virement = [1]", "scenario.valeur", f"{AT}, virement n° 1"),
    "an unknown key of a transfer": (
        F + '[[fichier.virement]]\nmandataire = "1"',
        "scenario.cle_inconnue",
        f"{AT}, virement n° 1",
    ),
    "a false control of euros": (
        F + "[[fichier.virement]]\nfaux_controle = { somme = 1.5 }",
        "scenario.valeur",
        f"{AT}, virement n° 1, faux_controle",
    ),
    "paper without what it asks": (
        F + f'hors_flux = [{{ prestataire = "{ANNE}", date_facture = 2025-03-01, amo = {{ montant = 1 }} }}]',
        "scenario.cle_absente",
        f"{AT}, hors_flux n° 1, amo",
    ),
    "paper without any part": (
        F + f'hors_flux = [{{ prestataire = "{ANNE}", date_facture = 2025-03-01 }}]',
        "scenario.cle_absente",
        f"{AT}, hors_flux n° 1",
    ),
    "an unknown name of what is cited": (
        F + "reponse = [{ numero = 1, cite = { nir = 1 } }]",
        "scenario.cle_inconnue",
        f"{AT}, reponse n° 1, cite",
    ),
    "a movement without balance": (
        F + 'mouvement = [{ reference = "A", operation = "RPR", montant = 1 }]',
        "scenario.cle_absente",
        f"{AT}, mouvement n° 1",
    ),
    "an operation in small letters": (
        F + 'mouvement = [{ reference = "A", operation = "rpr", montant = 1, solde = 0 }]',
        "scenario.valeur",
        f"{AT}, mouvement n° 1",
    ),
    "a lump sum below zero": (
        F + 'forfait = [{ code = "ROSPM", montant = -1 }]',
        "scenario.valeur",
        f"{AT}, forfait n° 1",
    ),
    "a detail that names somebody": (
        F + 'forfait = [{ code = "ROSPM", montant = 1, detail = [{ nir = "1", montant = 1 }] }]',
        "scenario.cle_inconnue",
        f"{AT}, forfait n° 1, detail n° 1",
    ),
    "a line rejected of a part that falls for another reason": (
        '[[reponse]]\nnumero = 1\namo = { etat = "R" }\nrejets = [{ code = "9931", niveau = "L", ligne = 1 }]',
        "scenario.valeur",
        "s.toml, reponse n° 1, rejets n° 1",
    ),
}


@pytest.mark.parametrize(("text", "code", "place"), WRONG.values(), ids=WRONG)
def test_what_it_cannot_mean_is_an_error_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text)
    assert (refused.value.code, refused.value.lieu) == (code, place)
    assert refused.value.message[-1] in ".]"


REFUSED = {
    "an invoice of two doctors": (F + "reponse = [{ numero = 1 }]", "scenario.facture", "plusieurs fois"),
    "money for one of two doctors": (
        F + 'forfait = [{ code = "ROSPM", montant = 1 }]',
        "scenario.fichier",
        "Plusieurs praticiens",
    ),
    "a part that is not asked": (F + 'part = "AMC"\nreponse = [{ numero = 2 }]', "scenario.facture", "l'AMC"),
    "nobody to share an insured with": (
        F + f'hors_flux = [{{ prestataire = "{ANNE}", date_facture = 2025-03-01, assure_de = 9, '
        "amo = { demande = 1, montant = 1 } }]",
        "scenario.facture",
        "dans aucun lot",
    ),
}


@pytest.mark.parametrize(("text", "code", "words"), REFUSED.values(), ids=REFUSED)
def test_what_these_lots_cannot_have_is_an_error(pki: Pki, text: str, code: str, words: str) -> None:
    lots = [lot(facture(1), facture(2, payee="05")), lot(facture(1, prestataire=PAUL), entete=header(PAUL))]
    with pytest.raises(UsageError) as refused:
        ask(pki, *lots, scenario=text)
    assert refused.value.code == code
    assert words in refused.value.message


def test_money_of_nobody_in_particular_needs_a_payer(pki: Pki) -> None:
    scenario = F + 'forfait = [{ code = "ROSPM", montant = 1 }]'
    with pytest.raises(UsageError) as refused:
        ask(pki, lot(facture(1), facture(2, caisse="998")), scenario=scenario)
    assert refused.value.code == "scenario.fichier"
    assert "Plusieurs caisses" in refused.value.message


def paid(pki: Pki, text: str) -> list[list[tuple[int, set[str]]]]:
    """By file, default ones first, which parts of which invoices are answered."""
    found = ask(pki, lot(facture(1), facture(2)), scenario=text).fichiers
    return [[(numero, set(said) - {"rejets"}) for numero, said in answers_of(one.contenu)] for one in found]


BOTH = {"AMO", "AMC"}
SHARES = {
    "a file and the rest": (ONE, [[(2, BOTH)], [(1, BOTH)]]),
    "no rest": ("reste = false\n" + ONE, [[(1, BOTH)]]),
    "the part that nothing names is answered once": (
        F + "reponse = [{ numero = 1, amo = { montant = 1 } }, { numero = 2 }]\n"
        "[[fichier]]\njour = 1\nreponse = [{ numero = 1, amo = { montant = 2 } }]",
        [[(1, BOTH), (2, BOTH)], [(1, {"AMO"})]],
    ),
    "a file of one part leaves the other to the rest": (
        F + 'part = "AMC"\nreponse = [{ numero = 1 }]',
        [[(1, {"AMO"}), (2, BOTH)], [(1, {"AMC"})]],
    ),
    "a file that takes the rest of one part": (
        F + 'part = "AMO"\nreste = true',
        [[(1, {"AMC"}), (2, {"AMC"})], [(1, {"AMO"}), (2, {"AMO"})]],
    ),
    "a part said absent is answered nowhere else": (
        F + 'reponse = [{ numero = 1, amc = { etat = "absent" } }]',
        [[(2, BOTH)], [(1, {"AMO"})]],
    ),
    "an answer by default comes first": (
        ONE + "[[reponse]]\nnumero = 1\namo = { montant = 5 }",
        [[(1, BOTH), (2, BOTH)]],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SHARES.values(), ids=SHARES)
def test_each_part_is_answered_where_it_is_named_else_once(
    pki: Pki, text: str, expected: list[list[tuple[int, set[str]]]]
) -> None:
    assert paid(pki, text) == expected


def test_an_unsound_invoice_is_rejected_once(pki: Pki) -> None:
    lots = [lot(facture(1), facture(1), facture(2))]
    text = ONE + F + "jour = 1\nreponse = [{ numero = 1, amo = { montant = 1 } }]"
    found = [answers_of(one.contenu) for one in ask(pki, *lots, scenario=text).fichiers]
    rejected = [numero for file in found for numero, said in file if said["rejets"]]
    assert rejected == [1]


def test_a_file_without_emitter_is_one_a_caisse(pki: Pki) -> None:
    found = ask(pki, lot(facture(1), facture(2, caisse="998")), scenario=F + "reste = true").fichiers
    assert [one.nom[:25] for one in found] == ["2025-03-20-001-019970000-", "2025-03-20-001-019980000-"]


def test_a_wrong_990_is_the_only_wrong_thing(pki: Pki) -> None:
    scenario = (
        F
        + "[[fichier.virement]]\nfaux_controle = { nombre = 9 }\nreponse = [{ numero = 1 }]\n"
        + ("[[fichier.virement]]\nreponse = [{ numero = 2 }]")
    )
    (found,) = ask(pki, lot(facture(1), facture(2)), scenario=scenario).fichiers
    (wrong,) = noemie_oracle.wrong_controls(found.contenu)
    assert wrong.startswith("990 of transfer 1: ('07100000000000001', 9, 2650)")
    assert entities(found.contenu, "000")[0]["programme_emetteur"] == "FSE   "
