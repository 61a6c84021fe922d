"""Smallest failing inputs of what pricing says besides its rules: each a document given to `coter`."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.coter import coter
from fse.base.findings import Finding
from tests.app.cabinet import CABINET, document, prestation, write_cabinet
from tests.app.cotation.care import DRAW, NURSE, ami, facture, seance
from tests.findings.registry import Case

OTHER = "002345676"
LETTER = "<acte><code_acte>AMI</code_acte></acte>"
LINE = prestation(315, code="AMI", taux=60, amc=False)
ASKED = ami("1").replace(
    "</acte>", "<accord><envoyee_le>2026-10-02</envoyee_le><recue_le>2026-10-01</recue_le></accord></acte>"
)
"""An act whose request is received before it was sent."""

SINGLE = "<acte><code_acte>MAU</code_acte></acte>"
UNVERIFIED = "<acte><acte>pansement-courant</acte></acte>"
"""An act that we know by a third party's code alone."""


@cache
def _cabinet(text: str) -> Cabinet:
    return write_cabinet(Path(mkdtemp(prefix="fse-cotation-")), text)


def _priced(text: str, *seances: str, lignes: str = "") -> Iterable[Finding]:
    """What `coter` says of an invoice of these sessions in a practice of this description."""
    (result,) = coter(_cabinet(text), [document(facture("V-1", *seances, lignes=lignes))])
    return result.constats


def _given(card: str) -> Iterable[Finding]:
    """What `coter` says of lines that no care explains, asked of the payer, when the card says this besides."""
    text, end = facture("V-1", lignes=LINE), "</identite_beneficiaire>"
    assert end in text
    (result,) = coter(_cabinet(CABINET), [document(text.replace(end, end + card, 1))])
    return result.constats


CAS: dict[str, Case] = {
    "cotation.carte_en_opposition": partial(_given, "<opposition>true</opposition>"),
    "cotation.droits_fermes": partial(
        _given, "<periode_droits><debut>2020-01-01</debut><fin>2026-09-30</fin></periode_droits>"
    ),
    "cotation.acte_mal_designe": partial(_priced, NURSE, seance("<acte/>")),
    "cotation.sans_valeur": partial(_priced, NURSE, seance(ami("1"), jour="1999-01-01", ordonnance="")),
    "cotation.a_verifier": partial(_priced, NURSE, seance(UNVERIFIED)),
    "cotation.valeur_a_confirmer": partial(_priced, NURSE, seance(ami("1"), jour="2026-12-01")),
    "cotation.prix_donne": partial(
        _priced, NURSE, seance(ami("1").replace("</coefficient>", "</coefficient><prix>9999</prix>"))
    ),
    "cotation.autre_profession": partial(
        _priced, NURSE.replace('"infirmier"', '"masseur-kinesitherapeute"'), seance(DRAW)
    ),
    "cotation.ligne_impossible": partial(_priced, NURSE, seance(ami("99.99"), ami("0.01"))),
    "cotation.profession_absente": partial(_priced, CABINET, seance(ami("1"))),
    "cotation.ecart": partial(_priced, NURSE, seance(ami("2")), lignes=LINE),
    "cotation.autre_ordonnance": partial(
        _priced, NURSE, seance(ami("1"), ordonnance="<ordonnance><date>2026-10-02</date></ordonnance>")
    ),
    "cotation.executant_inconnu": partial(_priced, NURSE, seance(ami("1"), before=f"<executant>{OTHER}</executant>")),
    "cotation.trop_de_lignes": partial(_priced, NURSE, *[seance(*[SINGLE] * 11)] * 99),
    "cotation.taux_a_donner": partial(
        _priced,
        NURSE.replace('profession = "infirmier"', 'profession = "infirmier"\nterritoire = "alsace-moselle"'),
        seance(DRAW),
    ),
    "cotation.accord_incoherent": partial(_priced, NURSE, seance(ASKED)),
    "cotation.selon_projet": partial(_priced, NURSE + '\n[cotation]\nregime = "projet-2011"\n', seance(ami("1"))),
    "cotation.sans_soins": partial(_priced, NURSE, lignes=LINE),
    "cotation.prix_inattendu": partial(
        _priced, NURSE, lignes=LINE.replace("<prix_unitaire>315<", "<prix_unitaire>316<")
    ),
}
