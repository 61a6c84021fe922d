"""How often each thing happens in a drawn month: a strict TOML document of probabilities from 0 to 1.

The defaults are ours: they make every case frequent enough to be met in a month of fifty invoices, far more frequent
than any caisse makes it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields

from fse.app.caisse.scenario.values import check_keys, error


@dataclass(frozen=True, slots=True, kw_only=True)
class Taux:
    """Of an answer to the parts of an invoice (the sum of those of the first group is at most 1), then of a file.

    What is left of the first group is paid as asked.
    """

    silence: float = 0.04
    rejet: float = 0.05
    rejet_ligne: float = 0.05
    cascade: float = 0.02
    differe: float = 0.05
    paye_moins: float = 0.03
    trop_paye: float = 0.02
    acompte: float = 0.04
    rappel_negatif: float = 0.03
    rappel_positif: float = 0.02
    rejet_apres_paiement: float = 0.02
    paye_deux_fois: float = 0.02

    amc_a_part: float = 0.4
    sans_lot: float = 0.02
    autre_lot: float = 0.01
    hors_flux: float = 0.02

    fichier_perdu: float = 0.05
    fichier_repete: float = 0.10
    fichier_corrige: float = 0.04
    fichier_en_retard: float = 0.15
    deux_virements: float = 0.20
    forfait: float = 0.10
    creance: float = 0.30


STORIES = (
    *("silence", "rejet", "rejet_ligne", "cascade", "differe", "paye_moins", "trop_paye", "acompte"),
    *("rappel_negatif", "rappel_positif", "rejet_apres_paiement", "paye_deux_fois"),
)
"""What may become of an invoice: one of these, or paid as asked."""


def read_taux(data: bytes, lieu: str = "taux") -> Taux:
    """The rates of a TOML document; what it does not say keeps its default.

    Raises `UsageError`: `scenario.illisible`, `scenario.cle_inconnue`, `scenario.valeur`.
    """
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as refused:
        raise error("scenario.illisible", f"Ce n'est pas un document TOML en UTF-8 : {refused}.", lieu) from None
    check_keys(document, {one.name for one in fields(Taux)}, set(), lieu)
    for key, value in document.items():
        if type(value) not in (int, float) or not 0 <= value <= 1:
            raise error("scenario.valeur", f"« {key} » attend un nombre de 0 à 1.", lieu)
    taux = Taux(**document)
    if sum(getattr(taux, name) for name in STORIES) > 1:
        raise error("scenario.valeur", f"La somme de {', '.join(STORIES)} dépasse 1.", lieu)
    return taux
