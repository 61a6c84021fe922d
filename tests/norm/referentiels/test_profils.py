"""Profiles: what they enable, the values that a practice carries in its own, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from fse.base.errors import UsageError
from fse.norm.referentiels.ngap.verification import check_profil
from fse.norm.referentiels.parametres import parametre, parametres
from fse.norm.referentiels.profils import A_VERIFIER, SANS_PROFIL, profils, read_profil

SKI = "ik_abattement_pied_ski"
OWN = """
libelle = "cabinet de montagne"
motif = "valeur confirmée par la caisse"
active = []
[[valeurs]]
nom = "ik_abattement_pied_ski"
valeur = 1
debut = 2026-01-01
source = "courrier de la caisse du 12/01/2026"
"""


def test_a_parameter_without_a_value_is_refused_until_a_profile_carries_one() -> None:
    with pytest.raises(UsageError) as refused:
        parametre(SKI, date(2026, 2, 1), "metropole")
    assert refused.value.code == "parametre.absent"
    assert "profil" in refused.value.action

    found = parametre(SKI, date(2026, 2, 1), "metropole", profil=read_profil("montagne", OWN))
    assert (found.valeur, found.unite, found.profil) == (1, "kilometres", "montagne")
    assert found.article == "courrier de la caisse du 12/01/2026"


def test_a_value_of_a_profile_holds_by_its_dates() -> None:
    profil = read_profil("montagne", OWN + "fin = 2026-06-30\n")
    for le in (date(2025, 12, 31), date(2026, 7, 1)):
        with pytest.raises(UsageError):
            parametre(SKI, le, "metropole", profil=profil)
    assert parametre(SKI, date(2026, 6, 30), "metropole", profil=profil).valeur == 1


@pytest.mark.parametrize(
    "text",
    [
        "libelle = ",
        'libelle = "x"\nactive = []',
        'libelle = "x"\nmotif = "y"\nactive = "z"',
        'libelle = "x"\nmotif = "y"\nactive = []\nautre = 1',
        OWN.replace("valeur = 1", 'valeur = "1"'),
        OWN.replace("valeur = 1", "valeur = 1.5"),
        OWN.replace("valeur = 1", "valeur = -1"),
        OWN.replace("debut = 2026-01-01\n", ""),
        OWN.replace('source = "courrier de la caisse du 12/01/2026"', 'source = ""'),
    ],
)
def test_a_profile_that_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_profil("x", text)
    assert refused.value.code == "profil.illisible"


def test_what_is_unverified_needs_a_profile() -> None:
    unverified = [value for one in parametres().values() for value in one.valeurs if value.confiance in A_VERIFIER]
    assert unverified
    assert not any(SANS_PROFIL.permits(one) for one in unverified)


def test_what_our_profiles_name_exists() -> None:
    for one in profils().values():
        check_profil(one)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (OWN.replace("ik_abattement_pied_ski", "ik_abatement_pied_ski"), "profil.nom_inconnu"),
        (OWN.replace("active = []", 'active = ["valeur_amii"]'), "profil.nom_inconnu"),
        (OWN.replace("ik_abattement_pied_ski", "orthophonie_renouvellement").replace("= 1", "= 170"), "profil.valeur"),
    ],
)
def test_a_profile_that_names_or_gives_what_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        check_profil(read_profil("x", text))
    assert refused.value.code == code
