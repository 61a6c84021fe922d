"""What a year gives a right to, before any return: a scheme paid in points is not expected twice."""

from __future__ import annotations

from datetime import date

from fse.app.operations.incitation.declaration import Declaration, read_declaration
from fse.app.operations.incitation.position import Dispositif, Position
from fse.app.operations.incitation.versements import expected
from fse.domain.incitation.feuilles import Acte, Feuille
from fse.domain.incitation.remuneration import Mesure, Remuneration, evaluate
from fse.domain.incitation.taux import count
from fse.norm.referentiels.incitations import incitations
from fse.norm.referentiels.profils import SANS_PROFIL
from fse.norm.referentiels.remuneration import baremes

DECLARATION = read_declaration(
    b'prestataire = "001234566"\nannee = 2013\n[codes]\nteletransmission = ["TLT01"]\nperformance = ["ROSP1"]\n'
)
SHEET = Feuille(
    prestataire="001234566",
    numero=1,
    reference="V-1",
    mode="S",
    recue="accuse",
    sur_papier=False,
    ame=False,
    hors_presence=False,
    actes=(Acte(rang=1, date_soins=date(2013, 5, 2), code_acte="G"),),
)


def position() -> Position:
    """One sheet, received: 100 % in every scheme of 2013."""
    known = [one for one in incitations().values() if one.concerns("medecin", 2013)]
    return Position(
        prestataire="001234566",
        nom="DR ESSAI",
        profession="medecin",
        annee=2013,
        dispositifs=tuple(
            Dispositif(decompte=count(one, 2013, [SHEET], date(2013, 12, 31)), projection=None) for one in known
        ),
        hors=(),
    )


def paid(bareme: str, point: int | None = None) -> Remuneration:
    return evaluate(baremes()[bareme], {"teletransmission": Mesure(rempli=True)}, patients=800, point=point)


def told(
    pay: Remuneration | None, declaration: Declaration = DECLARATION
) -> list[tuple[str, int | None, str, frozenset[str]]]:
    return [
        (one.nature, one.montant, one.fondement, one.codes)
        for one in expected(declaration, position(), pay, SANS_PROFIL)
    ]


DRAFT = ("teletransmission", 7, "projet", frozenset({"TLT01"}))  # one sheet at 0,07 €
POINTS = ("teletransmission", 52_500, "en-vigueur", frozenset({"TLT01"}))  # 75 points of 7 €
CODES = frozenset({"ROSP1"})


def test_the_points_of_the_scheme_are_those_of_the_table_that_holds_them() -> None:
    assert told(None) == [DRAFT, POINTS]
    silent = evaluate(baremes()["convention-2011"], {}, patients=800, point=None)
    assert told(silent) == [DRAFT, POINTS, ("performance", 0, "a-verifier", CODES)]
    assert told(paid("convention-2011")) == [DRAFT, ("performance", 52_500, "a-verifier", CODES)]


def test_the_draft_table_takes_nothing_from_what_is_in_force() -> None:
    assert told(paid("projet-2011")) == [DRAFT, POINTS, ("performance", None, "projet", CODES)]
    assert told(paid("projet-2011", 700)) == [DRAFT, POINTS, ("performance", 35_000, "projet", CODES)]


def deciding(nature: str, montant: int) -> Declaration:
    said = f"""prestataire = "001234566"
annee = 2013
[[versements]]
nature = "{nature}"
montant = {montant}
debut = 2013-01-01
fin = 2013-12-31
verse_du = 2014-03-01
verse_au = 2014-06-30
codes = ["FSA"]
"""
    return read_declaration(said.encode())


def test_what_the_fund_decided_goes_before_what_was_counted() -> None:
    """The draft, which nobody pays, stays an exercise; what was counted is told beside the decision."""
    draft, bare = ("teletransmission", 7, "projet", frozenset()), frozenset({"FSA"})
    decided = deciding("teletransmission", 49_000)
    assert told(None, decided) == [draft, ("teletransmission", 49_000, "en-vigueur", bare)]
    said = [one.calcul for one in expected(decided, position(), None, SANS_PROFIL)][1]
    assert said.startswith("décision de la caisse (fichier) ; sans elle : 525,00")
    assert told(paid("convention-2011"), deciding("performance", 60_000)) == [
        draft,
        ("performance", 60_000, "en-vigueur", bare),
    ]
    assert told(paid("projet-2011", 700), deciding("performance", 60_000)) == [
        draft,
        ("teletransmission", 52_500, "en-vigueur", frozenset()),
        ("performance", 35_000, "projet", frozenset()),
        ("performance", 60_000, "en-vigueur", bare),
    ]
