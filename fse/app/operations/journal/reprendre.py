"""`journal reprendre`: after a restoration, counters raised above all that left since the backup; then numbers again.

What left is told by whoever knows (the practice software, the last receipts), or read in the B2 files that were
written; the greatest wins. Invoice numbers and file ids go up. Lot numbers turn from 1 to 999: one that the journal
does not know is taken for the next of the cycle, unless it is nearer behind than ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import to_days
from fse.base.errors import UnreadableError, UsageError
from fse.base.french import system_reason
from fse.base.plages import LOTS
from fse.infra.journal import Genre, Reading, Transaction
from fse.infra.journal.facts import compteurs, factures, fichiers_emis
from fse.infra.journal.schema.fact_tables import lot
from fse.infra.journal.upkeep import suspension
from fse.norm.layout import EntityRow, read


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteurReleve:
    """A counter, before and after: the last number that it gave."""

    nom: str
    avant: int
    apres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DejaPartie:
    """A sheet that waits for a lot in this journal, and stands in a file made after the backup: `fichier`, its id."""

    prestataire: str
    numero: int
    fichier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprise:
    """What was raised; `fichiers` read for that. `deja_parties`: sheets that `emettre` would send a second time."""

    compteurs: tuple[CompteurReleve, ...]
    fichiers: int
    deja_parties: tuple[DejaPartie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DerniersNumeros:
    """What left after the backup, as told: prestataire → number. `fichier`: the last file id, 0 when not told."""

    factures: Mapping[str, int]
    lots: Mapping[str, int]
    fichier: int


class _Seen:
    """The last invoice number of each prestataire; its lots, (number, day), 0 when only told; file ids; sheets read."""

    def __init__(self) -> None:
        self.factures: dict[str, int] = {}
        self.lots: dict[str, set[tuple[int, int]]] = {}
        self.fichiers: set[int] = set()
        self.feuilles: dict[tuple[str, int], str] = {}
        self.lus = 0

    def add(self, numeros: DerniersNumeros) -> None:
        for prestataire, numero in numeros.factures.items():
            self.facture(prestataire, numero)
        for prestataire, numero in numeros.lots.items():
            self.lots.setdefault(prestataire, set()).add((numero, 0))
        if numeros.fichier:
            self.fichiers.add(numeros.fichier)

    def facture(self, prestataire: str, numero: int) -> None:
        self.factures[prestataire] = max(numero, self.factures.get(prestataire, 0))


def reprendre_allocation(
    practice: Practice, numeros: DerniersNumeros, *, auteur: str, motif: str, fichiers: Path | None = None
) -> Reprise:
    """Raise the counters above these numbers and those of the B2 files of this folder, and give numbers again.

    Raises `UsageError`: `reprise.non_suspendu`, `reprise.praticien_inconnu`, `reprise.numero_manquant` (a prestataire
    whose numbers fse gives, of whom the last one is not told: a sheet secured and not sent is in no file),
    `reprise.fichier_manquant` (fse sends its files itself, and the last one is not told: one that sent a lot again is
    on no disk), `reprise.dossier`.
    """
    cabinet = practice.cabinet
    emetteur = cabinet.emetteur.numero.zfill(14)
    known = {one.numero for one in cabinet.prestataires}
    for prestataire in sorted({*numeros.factures, *numeros.lots} - known):
        raise UsageError(
            "reprise.praticien_inconnu",
            f"Le praticien {prestataire} n'est pas du cabinet.",
            action="Vérifier le numéro du praticien dans cabinet.toml.",
        )
    seen = _Seen()
    if fichiers is not None:
        _read_folder(fichiers, cabinet, seen)
    seen.add(numeros)
    allocated = {one.numero for one in cabinet.prestataires if one.numeros == "alloues"}
    for prestataire in sorted(allocated - numeros.factures.keys()):
        raise UsageError(
            "reprise.numero_manquant",
            f"Rien ne dit quel est le dernier numéro donné au praticien {prestataire} : les fichiers envoyés ne disent "
            "rien des feuilles sécurisées et jamais émises.",
            action=f"Ajouter --dernier-numero {prestataire}=N, le dernier que montre le logiciel du cabinet "
            "(0 s'il n'a encore rien facturé).",
        )
    if cabinet.canal and not numeros.fichier:
        raise UsageError(
            "reprise.fichier_manquant",
            "Rien ne dit quel est le dernier fichier parti : ceux qui renvoient un lot ne sont pas dans le dossier des "
            "fichiers émis, et deux fichiers porteraient le même numéro.",
            action="Ajouter --dernier-fichier N, le plus grand que montrent les messages envoyés, le concentrateur ou "
            "les accusés reçus (1 si rien n'est encore parti).",
        )
    with practice.journal.transaction(now()) as transaction:
        if suspension.since(transaction.connection, transaction.cabinet) is None:
            raise UsageError(
                "reprise.non_suspendu",
                "Ce journal donne des numéros : il n'y a rien à reprendre.",
                action="Cette commande ne sert qu'après fse journal restaurer.",
            )
        raised = tuple(_raise(transaction, emetteur, allocated, seen))
        twice = tuple(_already_gone(transaction, emetteur, seen))
        suspension.lift(transaction.connection, transaction.cabinet)
        transaction.event(
            Genre.ALLOCATION_REPRISE,
            {
                "auteur": auteur,
                "motif": motif,
                "fichiers": seen.lus,
                "compteurs": [{"nom": one.nom, "avant": one.avant, "apres": one.apres} for one in raised],
            },
        )
    return Reprise(compteurs=raised, fichiers=seen.lus, deja_parties=twice)


def _already_gone(reading: Reading, emetteur: str, seen: _Seen) -> Iterator[DejaPartie]:
    """Sheets that wait here and left in a file that the backup does not have."""
    for row in factures.waiting(reading):
        fichier = seen.feuilles.get((row.prestataire, row.numero))
        if fichier is not None and fichiers_emis.find_emitted(reading, emetteur, fichier) is None:
            yield DejaPartie(prestataire=row.prestataire, numero=row.numero, fichier=fichier)


def _raise(transaction: Transaction, emetteur: str, allocated: set[str], seen: _Seen) -> Iterator[CompteurReleve]:
    wanted = [(compteurs.of_factures(prestataire), seen.factures[prestataire]) for prestataire in sorted(allocated)]
    for prestataire, given in sorted(seen.lots.items()):
        name = compteurs.of_lots(prestataire)
        lost = [numero for numero, _ in given - _known_lots(transaction, prestataire)]
        wanted.append((name, _furthest(compteurs.value(transaction, name), lost)))
    wanted.append((compteurs.of_fichiers(emetteur), max(seen.fichiers, default=0)))
    for name, value in wanted:
        before = compteurs.value(transaction, name)
        compteurs.raise_to(transaction, name, value)
        if value > before:
            yield CompteurReleve(nom=name, avant=before, apres=value)


def _furthest(value: int, numbers: Iterable[int]) -> int:
    """The last ordinal at or after this one that bears one of these lot numbers, those nearer behind left."""
    ahead = [(number - value) % LOTS.taille for number in numbers]
    return value + max((steps for steps in ahead if steps <= LOTS.taille // 2), default=0)


def _known_lots(reading: Reading, prestataire: str) -> set[tuple[int, int]]:
    here = lot.c
    query = select(here.numero_lot, here.date_lot).where(
        here.cabinet == reading.cabinet, here.prestataire == prestataire
    )
    return {(row.numero_lot, row.date_lot) for row in reading.connection.execute(query)}


def _read_folder(folder: Path, cabinet: Cabinet, seen: _Seen) -> None:
    """What the B2 files of this emitter say left, in the ranges of this workstation; a file that is not one is left."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".b2")
        contents = [path.read_bytes() for path in paths]
    except OSError as error:
        raise UsageError(
            "reprise.dossier",
            f"Le dossier des fichiers émis ne se lit pas : {system_reason(error)}.",
            action="Donner le dossier où fse emettre a écrit ses fichiers .b2.",
            lieu=str(folder),
        ) from None
    for content in contents:
        try:
            rows = [item for item in read([content]) if isinstance(item, EntityRow)]
        except UnreadableError:
            continue
        if rows and rows[0].valeurs.get("numero_emetteur") == cabinet.emetteur.numero.zfill(14):
            seen.lus += 1
            fichier = str(rows[0].valeurs.get("identifiant_fichier"))
            for row in rows:
                _see(row, cabinet, seen, fichier)


def _see(row: EntityRow, cabinet: Cabinet, seen: _Seen, fichier: str) -> None:
    value = row.valeurs.get
    identifiant, lot_number, facture = value("identifiant_fichier"), value("numero_lot"), value("numero_facture")
    prestataire = cabinet.prestataire(str(value("prestataire")))
    if row.type == "000" and isinstance(identifiant, str) and identifiant.isdigit():
        if int(identifiant) in cabinet.plage_fichiers:
            seen.fichiers.add(int(identifiant))
    elif prestataire is not None and row.type == "1" and isinstance(lot_number, int):
        if lot_number in cabinet.plage_lots:
            jour = value("date_lot")
            day = to_days(jour) if isinstance(jour, date) else 0
            seen.lots.setdefault(prestataire.numero, set()).add((lot_number, day))
    elif prestataire is not None and isinstance(facture, int) and facture in prestataire.plage:
        seen.facture(prestataire.numero, facture)
        seen.feuilles[prestataire.numero, facture] = fichier
