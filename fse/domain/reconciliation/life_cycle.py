"""The life of a part (AMO, AMC) and of an invoice: states, French labels, next actions, and what counts as worse.

The states themselves are computed by `etat_part.sql` and `etat_facture.sql`; here is what they mean to a practice.
The two parts live separate lives (architecture, decision 14). Rules behind the actions: a deferred part is answered a
second time and must not be sent again; a rejected invoice is corrected under a new number (noemie.md, 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from fse.domain.reconciliation.policies import MOVEMENT_RESIDUES, RESIDUES, TRANSFER_RESIDUES


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
    State("remplacee", "Corrigée sous un nouveau numéro", True, "", frozenset({"payee_plus"})),
    State("abandonnee", "Abandonnée", True, ""),
)

FORCED = ("payee", "rejetee", "abandonnee")
"""The states of a part that a person may force, with a reason; it holds until a further answer comes."""

FACTURE = _by_name(
    State("annulee", "Annulée", True, ""),
    State("a_emettre", "Pas encore partie", False, "Émettre les feuilles en attente, puis les envoyer."),
    State(
        "a_reemettre",
        "Refusée avec son lot, à renvoyer dans un nouveau lot",
        False,
        "Émettre les feuilles en attente : un nouveau lot se signe.",
    ),
    State("en_cours", "Envoyée, en attente de réponse", False, "Attendre le retour de l'organisme."),
    State("a_traiter", "À traiter", False, "Voir chaque part : rejet, paiement incomplet ou en trop."),
    State("soldee", "Soldée", True, "", frozenset({"a_traiter", "en_cours"})),
    State("corrigee", "Corrigée sous un nouveau numéro", True, ""),
    State("abandonnee", "Abandonnée", True, ""),
    State("a_acquitter", "Envoyée, accusé de réception attendu", False, "Attendre l'accusé de la caisse."),
    State(
        "acquittee",
        "Reçue par la caisse (accusé positif), aucun retour attendu",
        True,
        "",
        frozenset({"a_traiter"}),
    ),
    State("refusee", "Refusée à la réception (accusé négatif)", False, "Lire la cause, puis fse relancer."),
    State("sur_papier", "Partie sur papier (duplicata)", True, ""),
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
            "payee_deux_fois",
            "Payée deux fois : la facture et celle qui la corrige",
            "Ne rien refacturer ; garder la somme disponible et prévenir l'organisme, qui la reprendra.",
            "montant en trop",
        ),
        Task(
            "rejetee_apres_paiement",
            "Rejetée alors qu'elle est payée",
            "Lire le motif : contester, ou garder la somme disponible si elle doit être reprise ; une fois vu, "
            "fse forcer --etat payee.",
            "montant payé",
        ),
        Task(
            "creance_a_contester",
            "Créance encore contestable",
            "Payer ou contester par écrit avant la fin des deux mois qui suivent la notification.",
            "montant en jeu",
        ),
        Task(
            "saisie_doublee",
            "Payée en trop, dont une saisie à la main",
            "Si c'est deux fois le même paiement, annuler la saisie (fse annuler-acte) ; sinon, garder la somme "
            "disponible, elle peut être reprise.",
            "montant en trop",
        ),
        Task(
            "retenue_inexpliquee",
            "Retenue sur virement, dette rattachée à aucune facture",
            "Demander la notification de l'indu ; la rattacher avec sa date : deux mois pour la contester.",
            "montant retenu",
        ),
        Task(
            "virement_inegal",
            "Virement annoncé qui n'est pas la somme de ce qu'il paie",
            "Comparer avec la ligne du relevé bancaire, puis demander le détail à la caisse.",
            "écart",
        ),
        Task(
            "virement_sans_ligne",
            "Virement annoncé sans aucune facture",
            "Demander le détail à la caisse ; s'il vient sur papier, le saisir facture par facture.",
            "montant annoncé",
        ),
        Task(
            "virement_sans_total",
            "Virement dont le retour ne dit pas le total",
            "Contrôler la somme avec la ligne du relevé bancaire.",
            "ce que disent ses lignes",
        ),
        Task(
            "ligne_sans_virement",
            "Paiement annoncé hors de tout virement",
            "Chercher le virement dans le relevé bancaire, puis demander sa référence à la caisse.",
            "montant versé",
        ),
        Task(
            "sans_retour",
            "Sans réponse au-delà du délai",
            "Chercher la facture dans les relevés et les virements, puis relancer l'organisme.",
            _ASKED,
        ),
        *(
            Task(residue.nom, residue.libelle, residue.action, "montant annoncé")
            for residue in TRANSFER_RESIDUES
            if residue.nom.startswith("virement_")
        ),
        *(
            Task(residue.nom, residue.libelle, residue.action, "somme sur le compte")
            for residue in MOVEMENT_RESIDUES
            if residue.action
        ),
        *(Task(residue.nom, residue.libelle, residue.action, "montant versé") for residue in RESIDUES),
        Task(
            "a_reemettre",
            "Refusée avec son lot, attend un nouveau lot",
            "Émettre : un nouveau lot se signe (fse emettre).",
            _ASKED,
        ),
        Task("a_emettre", "En attente d'un lot", "Émettre les feuilles en attente.", _ASKED),
        _task(PART["differee"], _ASKED),
        _task(PART["attendue"], _ASKED),
    )
}
"""What the worklist can show, the most urgent first."""
