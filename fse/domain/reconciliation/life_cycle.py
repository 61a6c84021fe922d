"""The life of a part (AMO, AMC) and of an invoice: states, French labels, next actions, and what counts as worse.

The states themselves are computed by `etat_part.sql` and `etat_facture.sql`; here is what they mean to a practice.
The two parts live separate lives (architecture, decision 14). Rules behind the actions: a deferred part is answered a
second time and must not be sent again; a rejected invoice is corrected under a new number (noemie.md, 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.domain.reconciliation.policies import RESIDUES


@dataclass(frozen=True, slots=True)
class State:
    """One state. `final`: nothing more is awaited nor to be done, and then `action` is empty.

    `worse` names the states to which a passage from this one is a setback, hence a finding (decision 8).
    """

    nom: str
    libelle: str
    final: bool
    action: str
    worse: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Task:
    """One nature of row of the worklist (`suivi.sql`). `montant` says in French what its amount is."""

    nom: str
    libelle: str
    action: str
    montant: str


def _by_name(*states: State) -> dict[str, State]:
    return {state.nom: state for state in states}


PART = _by_name(
    State("sans_objet", "Aucun paiement attendu", True, ""),
    State("attendue", "En attente de réponse", False, "Attendre le retour de l'organisme."),
    State(
        "differee",
        "En traitement à la caisse",
        False,
        "Attendre le second retour ; ne pas renvoyer la facture.",
    ),
    State(
        "payee",
        "Payée",
        True,
        "",
        frozenset({"attendue", "differee", "payee_moins", "payee_plus", "rejetee", "sans_objet"}),
    ),
    State(
        "payee_moins",
        "Payée en partie",
        False,
        "Lire les motifs de rejet de ligne ; réclamer le complément ou le refacturer sous un nouveau numéro.",
        frozenset({"rejetee"}),
    ),
    State(
        "payee_plus",
        "Payée en trop",
        False,
        "Vérifier s'il s'agit d'un double paiement ; garder la somme disponible, elle peut être reprise.",
        frozenset({"payee_moins", "rejetee"}),
    ),
    State(
        "rejetee",
        "Rejetée",
        False,
        "Lire le motif, corriger, puis refaire la facture sous un nouveau numéro.",
    ),
)

FACTURE = _by_name(
    State("annulee", "Annulée", True, ""),
    State("a_emettre", "En attente d'un lot", False, "Émettre les feuilles en attente."),
    State("en_cours", "Envoyée, en attente de réponse", False, "Attendre le retour de l'organisme."),
    State("a_traiter", "À traiter", False, "Voir chaque part : rejet, paiement incomplet ou en trop."),
    State("soldee", "Soldée", True, "", frozenset({"a_traiter", "en_cours"})),
    State(
        "aucun_retour_attendu",
        "Envoyée, aucun retour attendu",
        True,
        "",
        frozenset({"a_traiter"}),
    ),
)


def worsens(states: dict[str, State], before: str, after: str) -> bool:
    """True when passing from one state to another of the same life (`PART` or `FACTURE`) is a setback."""
    return after in states[before].worse


def _task(state: State, montant: str) -> Task:
    return Task(state.nom, state.libelle, state.action, montant)


_ASKED = "montant demandé"

TASKS = {
    task.nom: task
    for task in (
        _task(PART["rejetee"], _ASKED),
        _task(PART["payee_moins"], "montant qui manque"),
        _task(PART["payee_plus"], "montant en trop"),
        Task(
            "sans_retour",
            "Sans réponse au-delà du délai",
            "Chercher la facture dans les relevés et les virements, puis relancer l'organisme.",
            _ASKED,
        ),
        *(Task(residue.nom, residue.libelle, residue.action, "montant versé") for residue in RESIDUES),
        _task(FACTURE["a_emettre"], _ASKED),
        _task(PART["differee"], _ASKED),
        _task(PART["attendue"], _ASKED),
    )
}
"""What the worklist can show, the most urgent first."""
