"""Where a supporting document stands: a pure function of what was recorded of it and of its invoice.

Source: regles.md A.8. It leaves once the lot of its invoice is known to be received: a positive ARL, or an answer of
the payer; a lot that awaits no ARL, once it left. One channel only: what left is not printed, unless the caisse never
gets it; what failed is tried again for 5 civil days from the first attempt, then goes on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fse.infra.journal.facts.exchanges.pieces import PieceSuiteRow

JOURS_D_ESSAI = 5
"""For how many days from the first attempt a document is tried again."""


@dataclass(frozen=True, slots=True)
class Etat:
    """A state: `close` when nothing more is to be done. `action` is what to do, where `{piece}` is its number."""

    nom: str
    libelle: str
    action: str
    close: bool = False


ETATS = {
    etat.nom: etat
    for etat in (
        Etat("sur_papier", "À envoyer sur papier", "L'envoyer à la caisse, puis fse piece papier {piece}."),
        Etat(
            "refusee",
            "Refusée par la caisse",
            "La numériser de nouveau (fse piece deposer), ou l'envoyer sur papier puis fse piece papier {piece}.",
        ),
        Etat("a_reessayer", "Envoi en échec, réessayé", "Rien : chaque fse envoyer l'essaie de nouveau."),
        Etat("a_envoyer", "À envoyer", "Lancer fse envoyer ; sans [envoi] dans cabinet.toml, l'envoyer sur papier."),
        Etat(
            "envoyee",
            "Envoyée, pas encore acceptée",
            "Noter la réponse : fse piece accepter {piece}, ou fse piece refuser {piece} --motif ….",
        ),
        Etat("attend_piece", "Attend la pièce qu'elle reprend", "Rien : elle part après elle."),
        Etat("attend_lot", "Attend que la caisse ait reçu le lot", "Rien : elle part ensuite d'elle-même."),
        Etat("acceptee", "Acceptée", "", close=True),
        Etat("papier", "Envoyée sur papier", "", close=True),
        Etat("remplacee", "Refaite par une autre", "", close=True),
        Etat("sans_objet", "Sans objet : facture annulée ou remplacée", "", close=True),
    )
}
"""The most urgent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acheminement:
    """What is known of the invoice of a document.

    `partie`: its lot left; `accuse` as `facture_emise` says it; `repondue`: a payer answered it; `annulee`: it was
    cancelled, or another invoice corrects it.
    """

    partie: bool
    accuse: str
    repondue: bool
    annulee: bool

    @property
    def recue(self) -> bool:
        """True when its documents may leave."""
        return self.accuse == "positif" or self.repondue or self._sans_accuse

    @property
    def _sans_accuse(self) -> bool:
        return self.accuse == "" and self.partie


def state_of(
    suite: Sequence[PieceSuiteRow], lot: Acheminement, today: int, *, refaite: bool, source: str | None
) -> tuple[str, int | None]:
    """The name of the state, and the last day on which a failed sending is tried again (days).

    `refaite`: a later document of the same nature was deposited for the invoice. `source` is the state of the document
    that it refers to, `None` when it has its own bytes.
    """
    last = suite[-1].fait if suite else None
    if last in ("acceptee", "papier"):
        return last, None
    if refaite:
        return "remplacee", None
    if last in ("refusee", "envoyee"):
        return last, None
    if lot.annulee:
        return "sans_objet", None
    if lot.accuse == "papier" or source in ("papier", "sur_papier"):
        return "sur_papier", None
    if source in ("refusee", "remplacee"):
        return "refusee", None
    if last == "echec":
        until = min(one.jour for one in suite) + JOURS_D_ESSAI
        return ("sur_papier" if today > until else "a_reessayer"), until
    if not lot.recue:
        return "attend_lot", None
    return ("a_envoyer" if source in (None, "envoyee", "acceptee", "sans_objet") else "attend_piece"), None
