"""The table of what is to do, line by line: whatever the page holds stands in it, and what is at stake adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fse.app.operations.obligations.suivi import Obligation
from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.suivi import RetourEcarte
from fse.app.operations.transmission.lots import LotTransmis
from fse.app.operations.worklist.taches import Tache, line_name
from fse.app.reports.matin.choses import Chose
from fse.app.reports.tableaux import Cellule, Genre, Tableau

_COLUMNS: tuple[tuple[str, Genre], ...] = (
    ("a_faire", "texte"),
    ("quoi", "texte"),
    ("praticien", "texte"),
    ("facture", "nombre"),
    ("part", "texte"),
    ("organisme", "texte"),
    ("montant", "montant"),
    ("en_jeu", "montant"),
    ("depuis", "date"),
    ("jours", "nombre"),
    ("dernier_jour", "date"),
    ("motif", "texte"),
    ("action", "texte"),
    ("ligne", "texte"),
)


def to_do_table(choses: Sequence[Chose], le: date) -> Tableau:
    """One line for each thing that a `Chose` counts. `en_jeu` adds up to what the page says to be at stake: `montant`
    without its sign, for a movement that takes money is as much to look at.
    """
    return Tableau(
        nom="a-faire",
        libelle="Ce qui est à faire, ligne par ligne",
        colonnes=_COLUMNS,
        lignes=[
            tuple({"a_faire": chose.titre, **line}.get(name) for name, _ in _COLUMNS)
            for chose in choses
            for line in _lines(chose, le)
        ],
    )


def _lines(chose: Chose, le: date) -> Iterator[dict[str, Cellule]]:
    """The cells of each line by column; a column that is not there is empty."""
    yield from (_task(one) for one in chose.taches)
    yield from (_lot(one, le) for one in chose.lots)
    yield from (_piece(one, le) for one in chose.pieces)
    yield from (_duty(one, le) for one in chose.obligations)
    yield from (_set_aside(one, le) for one in chose.ecartes)
    if not (chose.taches or chose.lots or chose.pieces or chose.obligations or chose.ecartes):
        yield {"quoi": chose.quoi, "dernier_jour": chose.limite, "action": " ".join(chose.actions)}


def _task(one: Tache) -> dict[str, Cellule]:
    limits = [day for day in (one.forclusion, one.echeance.le if one.echeance else None) if day]
    return {
        "quoi": one.objet,
        "praticien": one.prestataire,
        "facture": one.numero or None,
        "part": one.partie,
        "organisme": one.organisme,
        "montant": one.montant,
        "en_jeu": abs(one.montant),
        "depuis": one.depuis,
        "jours": one.age,
        "dernier_jour": min(limits, default=None),
        "motif": " ; ".join(f"{each.code} {each.libelle}".strip() for each in one.motifs if not each.consequence),
        "action": one.action,
        "ligne": one.reference or one.ligne,
    }


def _lot(one: LotTransmis, le: date) -> dict[str, Cellule]:
    refused = (f"{each.cause} {each.libelle}".strip() for each in one.accuses if each.sens == "N")
    return {
        "quoi": f"lot {one.numero_lot:03d} du {one.date_lot:%d/%m/%Y}",
        "praticien": one.prestataire,
        "organisme": one.organisme,
        "montant": one.montant,
        "en_jeu": one.montant,
        "depuis": one.date_lot,
        "jours": (le - one.date_lot).days,
        "dernier_jour": min((each.le for each in one.transmission.echeances), default=None),
        "motif": " ; ".join(dict.fromkeys(refused)),
        "action": one.transmission.action,
    }


def _piece(one: Piece, le: date) -> dict[str, Cellule]:
    return {
        "quoi": f"pièce {one.piece}, {one.nature.replace('_', ' ')}",
        "praticien": one.prestataire,
        "facture": one.numero,
        "organisme": one.organisme,
        "depuis": one.deposee_le,
        "jours": (le - one.deposee_le).days,
        "dernier_jour": one.jusqu_au,
        "motif": one.detail,
        "action": one.action,
    }


def _duty(one: Obligation, le: date) -> dict[str, Cellule]:
    return {
        "quoi": "obligation",
        "praticien": one.prestataire,
        "facture": one.numero,
        "depuis": one.depuis,
        "jours": (le - one.depuis).days,
        "motif": one.article,
        "action": f"{one.action} {one.a_noter}",
    }


def _set_aside(one: RetourEcarte, le: date) -> dict[str, Cellule]:
    return {
        "quoi": f"retour {one.identifiant}".rstrip(),
        "organisme": one.emetteur,
        "depuis": one.recu_le,
        "jours": (le - one.recu_le).days,
        "motif": one.motif,
        "action": one.action,
        "ligne": line_name(one.fichier, 0),
    }
