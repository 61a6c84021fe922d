"""Every scenario of `fixtures/scenarios/`, played on the files beside it: what it pays and says, read by the oracle.

The amounts are worked out by hand from the invoices that `make_scenarios` tells: 21,00 € and 9,00 € each, but the 3
(24,50 € and 10,50 €, of which 7,00 € and 3,00 € on its line 2) and the 4 (21,00 € only).
"""

from datetime import date

import pytest

from fse.app.caisse.month import Envoi, FichierArrive, Mois, repondre_mois
from fse.app.caisse.scenario import read_scenario, unused
from fse.app.cli.caisse import signatures_by_lot
from fse.base.findings import Finding
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from tests.app.caisse.make_scenarios import FIRST, ROOT, SECOND
from tests.app.caisse.world import ANNE, ANSWERDAY, answers_of, entities
from tests.oracles import noemie_oracle

NAMES = sorted(path.stem for path in ROOT.glob("*.toml"))
FAULTS = {"controle-faux"}

Transfers = list[tuple[str, list[int]]]
TRANSFERS: dict[str, Transfers] = {
    # day of arrival (month-day), then the amount of each transfer of each file; the lost ones are not here
    "acompte-puis-solde": [("03-20", [1000 + 900]), ("03-28", [1100])],
    "beneficiaire-designe": [("03-20", [9000])],
    "controle-faux": [("03-20", [7000])],
    "creance-sur-trois-mois": [("03-20", [3000]), ("04-19", [1000]), ("05-19", [1500]), ("06-18", [-1000])],
    "creances-abandonnees": [("03-20", [3000 - 1000]), ("04-29", [0])],
    "deja-payee": [("03-20", [3000]), ("03-27", [0])],
    "desordre-et-retard": [("03-26", [2000]), ("04-07", [1000])],
    "deux-payeurs": [
        ("03-20", [5 * 2100 + 2450 + 2100, 2 * 2100]),
        ("03-20", [2100]),
        ("03-30", [6 * 900 + 1050, 2 * 900]),
    ],
    "deux-virements-egaux": [("03-20", [3000, 3000])],
    "deux-virements-un-fichier": [("03-20", [4200, 1800])],
    "differee-puis-payee": [("03-20", [0]), ("04-10", [3000])],
    "facture-inconnue": [("03-20", [3000 + 1650])],
    "fichier-corrige": [("03-20", [1200 + 900 + 3000]), ("03-23", [6000])],
    "fichier-perdu": [("03-21", [3000])],
    "fichier-repete": [("03-20", [3000]), ("03-27", [3000])],
    "forfait": [("03-20", [43000])],
    "papier": [("03-20", [2100])],
    "payee-deux-fois": [("03-20", [3000]), ("03-27", [3000])],
    "rappel-negatif-puis-rejet": [("03-20", [3000]), ("04-19", [0])],
    "rappel-positif": [("03-20", [2400]), ("04-14", [600])],
    "rejet-apres-accord": [("03-20", [3000]), ("03-26", [0])],
    "sans-libelle": [("03-20", [3000])],
    "un-mois": [
        ("03-20", [2100 + 1500 + 1750, 2100]),
        ("03-28", [2100 + 1500 + 1750, 2100]),
        ("03-29", [6 * 900 + 1050, 2 * 900]),
        ("04-10", [600 + 2100 + 2100 - 300]),
        ("04-14", [2100]),
    ],
    "virement-groupe": [("03-20", [12000])],
    "virement-sans-ligne": [("03-20", [0])],
}


def sent() -> list[Envoi]:
    return [Envoi((ROOT / name).read_bytes(), signatures_by_lot(ROOT / name)) for name in (FIRST, SECOND)]


def play(name: str) -> Mois:
    return repondre_mois(sent(), read_scenario((ROOT / f"{name}.toml").read_bytes(), name), ANSWERDAY)


def wanted(name: str) -> list[FichierArrive]:
    """The files of the scenario that arrive, in order."""
    return [one for one in play(name).arrivees() if one.voulu is not None]


def default(name: str) -> bytes:
    """The default file of the caisse 997 for the first B2 file."""
    return play(name).reponses[0].fichiers[0].contenu


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_holds_unless_a_fault_was_asked_for(name: str) -> None:
    mois = play(name)
    assert mois.arrivees()
    for one in mois.arrivees():
        wrong = noemie_oracle.wrong_controls(one.contenu)
        items = list(read([one.contenu]))
        found = [item for item in items if isinstance(item, Finding)]
        found += [each for item in items if isinstance(item, EntityRow) for each in item.constats]
        if name in FAULTS and one.voulu is not None:
            assert len(wrong) == 1
            assert [each.code for each in found if each.code.startswith("noemie.") and "990" in each.message]
        else:
            assert wrong == []
            assert [each.code for each in found if each.is_error] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_of_a_scenario_serves(name: str) -> None:
    mois = play(name)
    scenario = read_scenario((ROOT / f"{name}.toml").read_bytes(), name)
    assert unused(scenario, [one for reponse in mois.reponses for one in reponse.employees]) == ()
    assert [reponse.refus for reponse in mois.reponses] == [(), ()]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_paid_and_when(name: str) -> None:
    found = [
        (f"{one.arrivee:%m-%d}", [amount for *_, amount in noemie_oracle.transfer_amounts(one.contenu)])
        for one in wanted(name)
    ]
    assert found == TRANSFERS.get(name, [])


def test_every_scenario_tells_its_story() -> None:
    assert len(NAMES) >= 30
    for name in NAMES:
        assert (ROOT / f"{name}.toml").read_text(encoding="utf-8").startswith("# ")


def test_a_story_each() -> None:
    """What the default files say in the scenarios that have no `[[fichier]]`."""
    said = {name: dict(answers_of(default(name))) for name in NAMES if not play(name).fichiers}
    sure = {"rejets": []}
    assert said["accord-prealable"][3] == {
        "AMO": ("P", 2450, 1750),
        "AMC": ("P", 1050, 1050),
        "rejets": [("9930", "L", "O", 2)],
    }
    assert said["rejets-en-cascade"][3] == {
        "AMO": ("R", 2450, 0),
        "AMC": ("R", 1050, 0),
        "rejets": [("9931", "L", "O", 2), ("9932", "F", "O", 0)],
    }
    assert said["droits-fermes"][4] == {"AMO": ("R", 2100, 0), "rejets": [("9934", "F", "O", 0)]}
    assert said["ecart-de-demande"][1] == {"AMO": ("P", 1900, 1900), "AMC": ("P", 900, 900)} | sure
    assert said["part-non-traitee"][1] == {"AMO": ("P", 2100, 2100), "AMC": (" ", 900, 0)} | sure
    assert said["part-non-traitee"][2] == {"AMO": ("P", 2100, 2100)} | sure
    assert said["trop-paye-et-paye-moins"][1] == {"AMO": ("P", 2100, 2500), "AMC": ("P", 900, 900)} | sure
    assert said["trop-paye-et-paye-moins"][2] == {"AMO": ("P", 2100, 1800), "AMC": ("P", 900, 900)} | sure


def test_the_rank_of_a_refined_code_is_written() -> None:
    (found,) = entities(default("rejet-code-affine"), "294")
    assert (found["niveau_rejet"], found["code_acte"], found["numero_ligne"], found["rang_rejet"]) == (
        *("A", "MD   ", "002", "01"),
    )
    assert found["information"].rstrip() == "DETAIL DE RANG 1"


def test_misnamed_answers_say_what_the_scenario_says_and_who_was_cared_for() -> None:
    found = [
        (one["numero_facture"], one["numero_lot"], one["date_lot"])
        for one in entities(default("lot-faux-ou-absent"), "102")
    ]
    lot = "250311"
    assert found[:3] == [("000000001", "077", lot), ("000000002", "000", "000000"), ("000000000", "001", lot)]
    assert ("000000005", "001", "230314") in found
    assert {one["nir"] for one in entities(default("lot-faux-ou-absent"), "103")} == {"2840675101000"}
    assert len(entities(default("lot-faux-ou-absent"), "103")) == 4


def test_a_substitute_is_named_as_place_of_the_act() -> None:
    places = [one["lieu_execution"].rstrip() for one in entities(default("remplacant"), "081")]
    assert places[:2] == ["007654320", ANNE]


def test_paper_has_its_kind_its_type_and_may_have_no_number() -> None:
    (one,) = wanted("papier")
    assert {each["code_retour"] for each in entities(one.contenu, "081")} == {"02"}
    found = [
        (each["numero_facture"], each["type_facture"], each["numero_lot"]) for each in entities(one.contenu, "102")
    ]
    assert found == [("000000000", "P", "000"), ("000000500", "P", "000")]
    assert len(entities(one.contenu, "103")) == 1


def test_a_designated_doctor_is_paid_for_others() -> None:
    (one,) = wanted("beneficiaire-designe")
    (named,) = entities(one.contenu, "020")
    (payee,) = entities(one.contenu, "040")
    assert named["mandataire"].rstrip() == payee["beneficiaire_reglement"].rstrip() == ANNE
    assert [each["lieu_execution"].rstrip()[:6] for each in entities(one.contenu, "081")] == ["001234", "007654"]


def test_two_transfers_of_one_file_pay_a_part_each() -> None:
    (one,) = wanted("deux-virements-un-fichier")
    assert [each["traitement_amc"] for each in entities(one.contenu, "102")] == ["V"] * 4
    assert (len(entities(one.contenu, "198")), len(entities(one.contenu, "199"))) == (2, 2)
    assert noemie_oracle.transfer_amounts(one.contenu)[1][::2] == ("MUTUELLE ESSAI", "99800001")


def test_two_payers_write_under_their_names() -> None:
    found = [entities(one.contenu, "000")[0] for one in wanted("deux-payeurs")]
    assert [(each["type_emetteur"], each["numero_emetteur"].lstrip("0")) for each in found] == [
        *(("CP", "19970000"), ("CP", "19980000"), ("CS", "99800001")),
    ]


def test_a_rappel_has_its_kind_and_its_type() -> None:
    _, later = wanted("rappel-negatif-puis-rejet")
    assert [each["code_retour"] for each in entities(later.contenu, "081")] == ["01", "04"]
    assert [each["type_facture"] for each in entities(later.contenu, "102")] == ["F", "F", "E"]


def test_a_file_is_repeated_byte_for_byte_and_corrected_under_its_identity() -> None:
    first, again = wanted("fichier-repete")
    assert (first.contenu == again.contenu, first.nom != again.nom) == (True, True)
    first, other = wanted("fichier-corrige")
    identity = ("numero_emetteur", "identifiant_fichier", "date_creation")
    heads = [entities(one.contenu, "000")[0] for one in (first, other)]
    assert [heads[0][name] for name in identity] == [heads[1][name] for name in identity]
    assert first.contenu != other.contenu


def test_a_lost_file_is_known_and_not_delivered() -> None:
    mois = play("fichier-perdu")
    assert [one.perdu for one in mois.fichiers] == [True, False]
    assert len([one for one in mois.arrivees() if one.voulu]) == 1


def test_a_debt_goes_down_and_only_what_is_withheld_is_taken() -> None:
    found = [each for one in wanted("creance-sur-trois-mois") for each in entities(one.contenu, "250")]
    assert [(each["operation"], int(each["montant"]), int(each["solde"])) for each in found] == [
        *(("CIN", 5000, 5000), ("RPR", 2000, 3000), ("RPR", 2000, 1000), ("RPR", 1000, 0)),
    ]
    assert {each["reference_creance"] for each in found} == {"CR25000001"}


def test_blank_labels_and_a_transfer_without_line() -> None:
    (silent,) = wanted("sans-libelle")
    assert noemie_oracle.transfer_amounts(silent.contenu) == [("", "", "CPAM 997", 3000)]
    (empty,) = wanted("virement-sans-ligne")
    assert noemie_oracle.transfer_amounts(empty.contenu) == [("CPAM 997", "VIR SANS DETAIL", "CPAM 997", 0)]
    assert entities(empty.contenu, "102", "250", "261") == []


def test_the_day_moves_with_the_day_of_the_answer() -> None:
    scenario = read_scenario((ROOT / "acompte-puis-solde.toml").read_bytes())
    later = repondre_mois(sent(), scenario, date(2025, 4, 1)).fichiers
    assert [one.arrivee for one in later] == [date(2025, 4, 1), date(2025, 4, 9)]
