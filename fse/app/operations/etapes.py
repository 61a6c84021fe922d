"""The steps of an invoice: what we did, what payers answered, what was done by hand, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fse.app.operations.actes.acte import Acte
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.motifs import ETATS, MotifRejet, motif_of, told_apart
from fse.app.operations.transmission.histoire import Echange, exchanges
from fse.app.operations.worklist.taches import line_name
from fse.base.dates import from_days
from fse.domain.reconciliation.life_cycle import PART
from fse.domain.reconciliation.policies import POLICIES, RESIDUES
from fse.infra.journal.facts import factures, fichiers_recus
from fse.infra.journal.schema.fact_tables import MODE_REPRISE
from fse.infra.journal.transaction import Reading

_CLASSED = {one.nom: f"rapprochée : {one.libelle}" for one in POLICIES} | {one.nom: one.libelle for one in RESIDUES}
"""What became of a return line, in French."""

_ENTRIES = ("lot", "lot_quitte")
_BY_LOT = ("lot", "emise")
"""Steps that the exchanges of its lots tell, when it was in one here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Etape:
    """One step. For a return: `fichier` (digest of the logical file), `rang` and `octet` (0-based) of the entity.

    `fichier_nom` is how a person calls the file: the name written, or the payer's file id and its date; `ligne` names a
    return line, as `fse rattacher` takes it. `acte` is there when the step was made by hand: who, when, why.
    """

    jour: date | None
    evenement: str
    partie: str
    libelle: str
    montant: int | None
    motif: MotifRejet | None
    fichier: str
    fichier_nom: str
    rang: int | None
    octet: int | None
    ligne: str
    acte: Acte | None


def steps(
    reading: Reading,
    row: factures.FactureRow,
    cabinet: Cabinet,
    histoire: Iterable[dict[str, Any]],
    actes: Iterable[Acte],
) -> Iterator[Etape]:
    """The steps of an invoice, from the rows that `histoire_facture` gives for it, what passed between the practice and
    its payer, and the acts that name it.

    The acts that no row shows come last: those that were annulled, and the debts attached to the invoice.
    """
    told = list(histoire)
    shown = {one.acte: one for one in actes}
    live = [one for one in shown.values() if not one.annulation]
    attached = {one.ligne: one for one in live if one.genre == "rattachement"}
    put_away = {one.ligne: one for one in live if one.genre == "classement"}
    rejets = told_apart([_motif(step, row, cabinet) for step in told if step["evenement"] == "rejet"])
    motifs = {replace(one, consequence=False): one for one in rejets}
    ours = _Ours(reading, row)

    def made(step: dict[str, Any]) -> Etape:
        by_hand = _act_of(step, shown, attached, put_away)
        jour, libelle, fichier_nom = ours.told(step)
        of_return = bool(step["fichier"])
        return Etape(
            jour=jour,
            evenement=step["evenement"],
            partie=step["partie"],
            libelle=_by_hand(libelle, by_hand) if by_hand else libelle,
            montant=step["paye"],
            motif=motifs[_motif(step, row, cabinet)] if step["evenement"] == "rejet" else None,
            fichier=step["fichier"],
            fichier_nom=fichier_nom,
            rang=step["rang"] if of_return else None,
            octet=step["octet"],
            ligne=line_name(step["fichier"], step["rang"]) if step["evenement"] == "ligne" else "",
            acte=by_hand,
        )

    passed = exchanges(reading, row.prestataire, row.numero)
    ways = () if all(one.evenement not in _ENTRIES for one in passed) else _BY_LOT
    yield from _merged([made(step) for step in told if step["evenement"] not in ways], passed, ours)
    for one in shown.values():
        if one.annulation or one.genre == "creance_rattachee":
            yield _of_act(one)


def _merged(steps: Sequence[Etape], passed: Iterable[Echange], ours: _Ours) -> Iterator[Etape]:
    """The steps, and what passed outside at its place in time."""
    place = 0
    for one in passed:
        while place < len(steps) and not _comes_before(one, steps[place]):
            yield steps[place]
            place += 1
        yield Etape(
            jour=one.jour,
            evenement=one.evenement,
            partie="",
            libelle=one.libelle,
            montant=None,
            motif=None,
            fichier=one.fichier,
            fichier_nom=ours.received_name(one.fichier) if one.fichier else one.nom,
            rang=None,
            octet=None,
            ligne="",
            acte=None,
        )
    yield from steps[place:]


def _comes_before(one: Echange, step: Etape) -> bool:
    """What leaves comes before what answers it, whatever day a payer dates its answer."""
    if step.evenement == "securisee":
        return False
    return one.evenement in (*_ENTRIES, "emise") or (step.jour is not None and one.jour <= step.jour)


def signed(acte: Acte) -> str:
    """Who did an act, when and why."""
    return f"à la main par {acte.auteur} le {acte.pose_le:%d/%m/%Y} (acte n° {acte.acte} : {acte.motif})"


def _by_hand(libelle: str, acte: Acte) -> str:
    if acte.genre == "rattachement":
        return f"rapprochée {signed(acte)}"
    done = "classée " if acte.genre == "classement" else ""
    return f"{libelle}, {done}{signed(acte)}"


def _act_of(
    step: dict[str, Any],
    actes: dict[int, Acte],
    attached: dict[str | None, Acte],
    put_away: dict[str | None, Acte],
) -> Acte | None:
    """The act that made this step, if one did."""
    if step["evenement"] in ("saisie", "forcee"):
        return actes[step["rang"]]
    if step["evenement"] != "ligne":
        return None
    ligne = line_name(step["fichier"], step["rang"])
    return attached[ligne] if step["libelle"] == "manuelle" else put_away.get(ligne)


def _of_act(acte: Acte) -> Etape:
    """A step that is an act and nothing else."""
    by = acte.annulation
    undone = f" ; annulé par {by.auteur} le {by.pose_le:%d/%m/%Y} (acte n° {by.acte} : {by.motif})" if by else ""
    return Etape(
        jour=acte.pose_le,
        evenement="acte_annule" if by else "creance",
        partie=acte.partie or "",
        libelle=f"{acte.libelle}, {signed(acte)}{undone}",
        montant=None,
        motif=None,
        fichier="",
        fichier_nom="",
        rang=None,
        octet=None,
        ligne="",
        acte=acte,
    )


def _motif(step: dict[str, Any], row: factures.FactureRow, cabinet: Cabinet) -> MotifRejet:
    return motif_of(step, cabinet, from_days(row.date_facture))


class _Ours:
    """What we know ourselves of the steps of an invoice: its cancellation, the files that answer it."""

    def __init__(self, reading: Reading, row: factures.FactureRow) -> None:
        self._reading = reading
        self._taken_over = row.mode == MODE_REPRISE
        self._cancelled = factures.find_cancellation(reading, row.prestataire, row.numero)

    def told(self, step: dict[str, Any]) -> tuple[date | None, str, str]:
        """Day, French label, and the name of the file that says so."""
        jour, libelle, fichier_nom = step["jour"], self._label(step), ""
        if step["evenement"] == "annulee" and self._cancelled:
            jour = self._cancelled.annulee_le
        elif step["fichier"]:
            fichier_nom = self.received_name(step["fichier"])
        return (from_days(jour) if jour else None), libelle, fichier_nom

    def _label(self, step: dict[str, Any]) -> str:
        event = step["evenement"]
        if event == "securisee":
            return "reprise du logiciel précédent" if self._taken_over else f"sécurisée, mode {step['code']}"
        if event == "lot":
            return f"dans le lot {step['numero_lot']:03d} du logiciel précédent"
        if event == "emise":
            return "envoyée par le logiciel précédent" if self._taken_over else ""
        if event == "annulee" and self._cancelled:
            return f"annulée par {self._cancelled.auteur} : {self._cancelled.motif}"
        return _answered(step)

    def received_name(self, empreinte: str) -> str:
        """What a payer calls the file of this digest: its id and its date."""
        received = fichiers_recus.find_digest(self._reading, empreinte)
        if received is None:
            return empreinte
        return f"{received.identifiant} du {from_days(received.date_creation):%d/%m/%Y}"


def _answered(step: dict[str, Any]) -> str:
    """What a payer said, or what was said for it by hand."""
    event, code, libelle, partie = (step[name] for name in ("evenement", "code", "libelle", "partie"))
    if event == "virement":
        return f"réponse de {code or 'un payeur non nommé'}, virement {libelle or 'sans libellé'} en tout"
    if event == "ligne":
        return _CLASSED[libelle]
    if event == "part":
        return f"part {partie} {ETATS[code]}"
    if event == "rejet":
        return f"rejet {code} {libelle}".strip()
    if event == "saisie":
        return f"part {partie} {ETATS[code]}, saisie d'après « {libelle} »"
    ended = "" if libelle == "en_vigueur" else ", caduc : les réponses des payeurs ont changé depuis"
    return f"part {partie}, état forcé « {PART[code].libelle} »{ended}"
