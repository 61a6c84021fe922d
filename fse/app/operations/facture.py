"""`facture`: the whole history of one invoice, from the visit to the last return, down to file and byte offset."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.actes.acte import tell
from fse.app.operations.annuler import resolve
from fse.app.operations.banque.suivi import PreuveVirement, ask_bank, read_proofs
from fse.app.operations.etapes import Etape, steps
from fse.app.operations.journal.lectures import record_reading
from fse.app.operations.motifs import MotifRejet
from fse.app.operations.practice import Practice
from fse.app.operations.states import answer, ask_cabinet, ask_files, ask_invoices, ask_parameters
from fse.app.operations.transmission.lots import LotTransmis, lots_told
from fse.app.operations.worklist.echeances import placed, read_deadlines, shown
from fse.app.operations.worklist.garantie import FAMILLES_DROITS, Garantie, guarantee
from fse.app.operations.worklist.taches import Tache, in_order, line_name, make_task, suggestion
from fse.base.dates import from_days, to_days
from fse.base.errors import StorageError
from fse.base.masking import mask_name, mask_nir
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.life_cycle import FACTURE, PART, State
from fse.infra.engines import of
from fse.infra.journal.facts import factures, lots
from fse.infra.journal.facts.actes import actes_of
from fse.infra.journal.facts.exchanges import feuilles
from fse.infra.journal.facts.lignes import find_lines
from fse.infra.journal.transaction import Reading

_REFUSED = frozenset({"refuse", "renvoi_a_envoyer", "a_refaire", "duplicata"})
"""States of a lot in which what its payer refused has not left again."""

_NOT_GONE = {"a_emettre": "Pas encore envoyée", "a_reemettre": "À renvoyer dans un nouveau lot"}
"""What a part that nobody answered is called, in the states of an invoice that has to leave."""

_DESTROYED = "journal.contenu_absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class EtatPart:
    """One part: amounts in centimes, the state's name and its French label, and what to do about it, "" if nothing.

    `saisi` is what of `paye` was entered by hand; `acte` the act that forces the state, `None` when none does.
    """

    partie: str
    demande: int
    paye: int
    saisi: int
    etat: str
    libelle: str
    action: str
    acte: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneSuggeree:
    """A return line without invoice that may answer this one, as `fse rattacher` takes it, and why. Nothing is booked.

    `montant` is the signed amount that it pays, in centimes.
    """

    ligne: str
    jour: date
    montant: int
    raison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reglement:
    """A transfer that pays something of this invoice: `paye` of `montant`, centimes (`None`: it states none).

    `virement` names it as `fse rattacher` takes it; `preuve` says whether it is on the account.
    """

    virement: str
    annonce_le: date
    libelles: tuple[str, str]
    paye: int
    montant: int | None
    preuve: PreuveVirement


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoireFacture:
    """Everything known of one invoice, on the day `le`. `nir`, `nom` and `prenom` are masked unless asked in clear.

    They are "" once the person is purged. `taches` are those of the worklist of that day, `action` what they ask, ""
    when nothing is awaited; `suggestions` are lines to attach by hand if they answer this invoice; `reglements`: the
    transfers that pay it, none when the practice declares no account.
    """

    le: date
    prestataire: str
    numero: int
    reference: str
    etat: str
    libelle: str
    action: str
    mode: str
    date_facture: date
    total_honoraires: int
    nir: str
    nom: str
    prenom: str
    remplace: int | None
    remplacee_par: int | None
    parts: tuple[EtatPart, ...]
    taches: tuple[Tache, ...]
    suggestions: tuple[LigneSuggeree, ...]
    reglements: tuple[Reglement, ...]
    etapes: tuple[Etape, ...]


def facture(
    practice: Practice,
    numero: int,
    *,
    prestataire: str | None = None,
    visibles: Collection[str] | None = None,
    le: date | None = None,
    en_clair: bool = False,
    auteur: str = "",
) -> HistoireFacture:
    """The history of one invoice. Reads only, except that a reading in clear is first noted in the name of `auteur`.

    `visibles` are the prestataires that the user sees, `None` for all.
    Raises `UsageError`: `facture.inconnue`, `facture.ambigue`, `lecture.auteur` (in clear, and in nobody's name).
    """
    today = practice.day(le)
    with practice.journal.reading() as reading:
        who = resolve(reading, numero, prestataire, visibles)
    if en_clair:
        record_reading(practice, numero, auteur=auteur, commande="facture", prestataire=who)
    with practice.journal.reading() as reading:
        row = factures.find(reading, who, numero)
        assert row is not None
        acts = [one for one in actes_of(reading, numero) if one.prestataire == who]
        told = list(tell(reading, acts))
        ask_invoices(reading, [numero])
        known, parts, histoire = (
            [one for one in answer(reading, name) if one["prestataire"] == who]
            for name in ("factures_du_bloc", "parts_du_bloc", "histoire_facture")
        )
        etapes = tuple(steps(reading, row, practice.cabinet, histoire, told))
        motifs = [etape.motif for etape in etapes if etape.motif]
        told_lots = _lots(reading, practice, row, today)
        taches = in_order(_tasks(reading, practice, row, today, motifs, told_lots))
        state = FACTURE[known[0]["etat"]]
        nir, nom, prenom = _person(reading, row.personne, en_clair)
        return HistoireFacture(
            le=today,
            prestataire=who,
            numero=numero,
            reference=row.reference,
            etat=state.nom,
            libelle=_libelle(state, told_lots),
            action=" ".join(dict.fromkeys(tache.action for tache in taches)),
            mode=row.mode,
            date_facture=from_days(row.date_facture),
            total_honoraires=row.total_honoraires,
            nir=nir,
            nom=nom,
            prenom=prenom,
            remplace=row.remplace,
            remplacee_par=known[0]["remplacee_par"] or None,
            parts=tuple(_part(one, taches, state) for one in parts),
            taches=tuple(taches),
            suggestions=tuple(_suggestions(reading, who, numero)),
            reglements=tuple(_reglements(reading, practice, who, numero, today)),
            etapes=etapes,
        )


def _libelle(state: State, told: Iterable[LotTransmis]) -> str:
    """What an invoice is called: while its payment is awaited, that its lot was refused says more than its state."""
    refused = any(one.transmission.etat in _REFUSED and _is_refused(one) for one in told)
    return FACTURE["refusee"].libelle if state.nom == "en_cours" and refused else state.libelle


def _is_refused(lot: LotTransmis) -> bool:
    return any(accuse.sens == "N" for accuse in lot.accuses)


def _person(reading: Reading, id: str, en_clair: bool) -> tuple[str, str, str]:
    """NIR, name and first name of a person; "" when the person is purged, or never was in this journal."""
    try:
        person = reading.load_person(id)
    except StorageError as error:
        if error.code != _DESTROYED:
            raise
        return "", "", ""
    names = json.loads(person.identite)["beneficiaire"]
    if en_clair:
        return person.nir, names["nom"], names["prenom"]
    return mask_nir(person.nir), mask_name(names["nom"]), mask_name(names["prenom"])


def _part(row: dict[str, Any], taches: Iterable[Tache], state: State) -> EtatPart:
    waits = _NOT_GONE.get(state.nom, "") if row["etat"] == "attendue" else ""
    actions = (tache.action for tache in taches if tache.partie == row["partie"])
    return EtatPart(
        partie=row["partie"],
        demande=row["demande"],
        paye=row["paye"],
        saisi=row["saisi"],
        etat=row["etat"],
        libelle=waits or PART[row["etat"]].libelle,
        action=" ".join(dict.fromkeys(actions)),
        acte=row["acte"] or None,
    )


def _lots(reading: Reading, practice: Practice, row: factures.FactureRow, today: date) -> list[LotTransmis]:
    """The lot where the invoice is live, and what has become of it."""
    held = lots.lot_of(reading, row.prestataire, row.numero)
    return lots_told(reading, practice.cabinet, [held.key] if held else [], today)


def _tasks(
    reading: Reading,
    practice: Practice,
    row: factures.FactureRow,
    today: date,
    motifs: list[MotifRejet],
    told: list[LotTransmis],
) -> Iterator[Tache]:
    """What the worklist of the day says of this invoice; the cabinet is asked from here on."""
    ask_cabinet(reading)
    ask_parameters(reading, to_days(today), practice.cabinet.delai_sans_retour)
    found = _of_invoice(reading, "suivi", row.prestataire, row.numero)
    garantie = _guarantee(reading, row, motifs) if found else None
    deadlines = read_deadlines(reading, practice.cabinet, told, today)
    made = (make_task(task, practice.cabinet, today, motifs, garantie, (), deadlines.of(task)) for task in found)
    yield from placed(made, shown(told, practice.cabinet), feuilles.duplicated(reading))


def _guarantee(reading: Reading, row: factures.FactureRow, motifs: Iterable[MotifRejet]) -> Garantie | None:
    rights = any(motif.famille_code in FAMILLES_DROITS for motif in motifs)
    return guarantee(reading, row) if rights else None


def _reglements(
    reading: Reading, practice: Practice, prestataire: str, numero: int, today: date
) -> Iterator[Reglement]:
    """The transfers of an invoice, against the accounts."""
    if not practice.cabinet.comptes:
        return
    ask_invoices(reading, [numero])
    paid = {
        (row["fichier"], row["rang_virement"]): row["paye"]
        for row in answer(reading, "virements_du_bloc")
        if row["prestataire"] == prestataire
    }
    ask_bank(reading, practice.cabinet, today)
    ask_files(reading, {fichier for fichier, _ in paid})
    proofs = read_proofs(reading)
    rows = [row for row in answer(reading, "controle_virement") if (row["fichier"], row["rang"]) in paid]
    for row in sorted(rows, key=lambda one: (one["date_comptable"], one["fichier"], one["rang"])):
        place = (row["fichier"], row["rang"])
        yield Reglement(
            virement=line_name(*place),
            annonce_le=from_days(row["date_comptable"]),
            libelles=(row["libelle_1"] or "", row["libelle_2"] or ""),
            paye=paid[place],
            montant=row["montant"],
            preuve=proofs[place],
        )


def _suggestions(reading: Reading, prestataire: str, numero: int) -> Iterator[LigneSuggeree]:
    for row in _of_invoice(reading, "suggestions", prestataire, numero):
        (line,) = find_lines(reading, row["fichier"], row["rang"])
        yield LigneSuggeree(
            ligne=line_name(line.fichier, line.rang),
            jour=from_days(line.date_comptable),
            montant=line.paye,
            raison=suggestion(row).raison,
        )


def _of_invoice(reading: Reading, name: str, prestataire: str, numero: int) -> list[dict[str, Any]]:
    """The rows that a query of the whole cabinet gives for one invoice: the engine narrows it before it computes."""
    query = statements.query(name)
    columns = ", ".join(f"q.{column}" for column in query.relation.names)
    rows = of(reading.connection).rows(f"SELECT {columns} FROM ({query.sql}) AS q WHERE q.numero = {numero:d}")
    return [row for row in rows if row["prestataire"] == prestataire]
