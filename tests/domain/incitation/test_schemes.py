"""The schemes as data: what regles.md C states, retyped, and modes that exist."""

from __future__ import annotations

from fractions import Fraction

from fse.norm.model.saisie import MODES_EN_LOT, MODES_SANS_LOT
from fse.norm.referentiels.incitations import incitations
from tests.each import each

STATED = {
    "projet-2011": ("3/4", "7/10", 2011, None, "acte", (7, 0, 0)),
    "aide-perenne-2010": ("3/4", "7/10", 2010, 2011, "feuille", (7, 25000, 0)),
    "rosp-2012": ("2/3", None, 2012, 2016, "feuille", (0, 0, 75 * 700)),
    "forfait-structure": ("2/3", None, 2017, 2025, "feuille", (0, 0, 0)),
    "fami-infirmiers": ("7/10", None, 2020, None, "feuille", (0, 49000, 0)),
    "fami-auxiliaires": ("7/10", None, 2023, None, "feuille", (0, 59000, 0)),
    "fami-chirurgiens-dentistes": ("7/10", None, 2023, None, "feuille", (0, 0, 0)),
    "aide-kinesitherapeutes-2000": ("3/5", "1/2", 2000, 2000, "feuille", (0, 0, 0)),
}


def test_every_scheme_is_retyped_here() -> None:
    assert set(incitations()) == set(STATED)


@each("nom, seuil, bande, debut, fin, unite, montants", {nom: (nom, *stated) for nom, stated in STATED.items()})
def test_it_is_what_its_source_states(
    nom: str, seuil: str, bande: str | None, debut: int, fin: int | None, unite: str, montants: tuple[int, int, int]
) -> None:
    one = incitations()[nom]
    assert (one.seuil, one.bande) == (Fraction(seuil), bande and Fraction(bande))
    assert (one.debut, one.fin, one.unite) == (debut, fin, unite)
    assert (one.par_feuille, one.fixe, one.points * one.point) == montants
    assert one.modes <= {*MODES_EN_LOT, *MODES_SANS_LOT} - {"aucun", *MODES_SANS_LOT}, "only secured sheets are FSE"


def test_sums_on_conditions_that_fse_does_not_know_are_apart() -> None:
    """2010: 250 € for the téléservices; nurses: 100 € for coordination, 590 € in all (regles.md C.2)."""
    told = {
        nom: [(extra.libelle, extra.montant) for extra in one.complements]
        for nom, one in incitations().items()
        if one.complements
    }
    assert told == {
        "aide-perenne-2010": [("Téléservices", 25000)],
        "fami-infirmiers": [("Prise en charge coordonnée", 10000)],
    }


def test_a_sum_whose_date_was_not_read_is_not_stated() -> None:
    dentists = incitations()["fami-chirurgiens-dentistes"]
    assert (dentists.fixe, dentists.par_feuille, dentists.points) == (0, 0, 0)
    assert "fse n'en calcule pas le montant" in dentists.note
    assert dentists.conditions


def test_who_is_asked_in_a_band_and_what_is_of_memory() -> None:
    schemes = incitations().values()
    assert {one.nom: one.commission for one in schemes if one.bande is not None} == {
        "projet-2011": "la commission paritaire locale",
        "aide-perenne-2010": "la commission paritaire locale",
        "aide-kinesitherapeutes-2000": "une commission",
    }
    assert [one.nom for one in schemes if one.a_verifier] == ["forfait-structure"]


def test_only_the_draft_is_a_draft_and_only_it_excludes() -> None:
    assert [one.nom for one in incitations().values() if one.en_projet] == ["projet-2011"]
    assert {one.nom for one in incitations().values() if one.exclusions} == {"projet-2011"}
    assert incitations()["projet-2011"].exclusions == {"ame", "nourrisson", "hors-presence", "s3404"}
