"""What happened week after week in a practice, as the events that the operations would have added to its journal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.stored.invoices import (
    AMC,
    AMO,
    DAYS,
    FIRST_DAY,
    NOT_IN_A_LOT,
    PER_DAY,
    PRESTATAIRES,
    WEEK,
    Invoice,
)
from fse.infra.journal.events import Genre
from fse.infra.journal.facts.actes import ActeRow
from fse.infra.journal.facts.factures import AnnulationRow, FactureRow
from fse.infra.journal.facts.fichiers_emis import FichierEcritRow, FichierEmisRow
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.norm.model.saisie import MODES_SANS_LOT

EMETTEUR = PRESTATAIRES[0].zfill(14)

Event = tuple[Genre, dict[str, Any]]


class History:
    """The events of each week, asked in order: acts are numbered as they go."""

    def __init__(self, without_number: Sequence[int]) -> None:
        """`without_number`: the ranks of the lines of a return that name no invoice, in their order."""
        self.acte = 0
        self._without_number = without_number

    def week(self, week: int) -> Iterator[Event]:
        """A week of invoices sent, then the return that answers them, then what the practice does about it."""
        invoices = [Invoice(rank) for rank in range(week * WEEK, (week + 1) * WEEK)]
        yield from _sent(invoices)
        yield _received(week)
        yield from self._acts(invoices, name_of_return(week))

    def _acts(self, invoices: list[Invoice], fichier: str) -> Iterator[Event]:
        """The practice closes whatever the return left open, so that the numbers of lots can come back."""
        lines = iter(self._without_number)
        for one in sorted(invoices, key=lambda one: (one.named, one.rank)):
            here = {"prestataire": one.prestataire, "numero": one.numero}
            if one.kind == "sans_numero":
                yield self._act("rattachement", here, fichier=fichier, rang=next(lines))
            elif one.kind == "sans_retour":
                for partie, montant in zip(one.parties, (AMO, AMC), strict=False):
                    paid = {"etat": "P", "montant": montant, "jour": one.jour + 20, "piece": "releve"}
                    yield self._act("paiement_saisi", here, partie=partie, **paid)
            elif one.kind == "inconnue":
                for partie in one.parties:
                    yield self._act("etat_force", here, partie=partie, etat="abandonnee", retours=0)
            elif one.kind == "amc_rejetee" and "AMC" in one.parties:
                yield self._act("etat_force", here, partie="AMC", etat="abandonnee", retours=1)
            elif one.kind in ("payee_moins", "payee_plus"):
                yield self._act("etat_force", here, partie="AMO", etat="payee", retours=1)
        yield self._act("etat_force", here, partie="AMO", etat="abandonnee", retours=9)
        yield self._act("annulation_acte", {}, vise=self.acte)

    def _act(self, genre: Any, target: Mapping[str, Any], **values: Any) -> Event:
        self.acte += 1
        row = ActeRow(
            acte=self.acte, genre=genre, auteur="essai", motif="mesure", pose_le=FIRST_DAY, **target, **values
        )
        return Genre.ACTE_MANUEL, cells_of(row)


def _sent(invoices: list[Invoice]) -> Iterator[Event]:
    """Days of invoices, each with its lots and its file."""
    for start in range(0, len(invoices), PER_DAY):
        day = invoices[start : start + PER_DAY]
        for one in day:
            yield from _secured(one)
        keys = []
        for prestataire in PRESTATAIRES:
            held = [one for one in day if one.prestataire == prestataire and one.kind not in NOT_IN_A_LOT]
            key = LotKey(prestataire, held[0].numero_lot, held[0].jour)
            keys.append(cells_of(key))
            contenu = id_of("lot", *cells_of(key).values())
            lot = LotRow(
                **cells_of(key),
                organisme="998",
                type_destinataire="CT",
                centre="998",
                certification="S",
                remplacant="",
                contenu_lot=contenu,
            )
            yield Genre.LOT_CONSTITUE, cells_of(lot) | {"factures": [one.numero for one in held]}
            yield Genre.LOT_SIGNE, cells_of(key) | {"contenu_signature": id_of("signature", contenu)}
        ordinal = day[0].rank // PER_DAY + 1
        fichier = FichierEmisRow(
            emetteur=EMETTEUR,
            identifiant=f"{ordinal:06d}",
            type_destinataire="CT",
            centre="998",
            date_creation=day[0].jour,
            empreinte=id_of("envoi", ordinal, size=32),
            contenu_fichier=id_of("fichier", ordinal),
        )
        ecrit = FichierEcritRow(
            emetteur=EMETTEUR, identifiant=fichier.identifiant, nom=f"{EMETTEUR}-{ordinal:06d}.b2", ecrit_le=day[0].jour
        )
        yield Genre.FICHIER_ECRIT, cells_of(fichier) | cells_of(ecrit) | {"lots": keys}


def _secured(one: Invoice) -> Iterator[Event]:
    mode = "papier" if one.kind == "papier" else "S"
    facture = FactureRow(
        prestataire=one.prestataire,
        numero=one.numero,
        reference=f"R-{one.rank}",
        empreinte_saisie=id_of("empreinte", one.rank, size=32),
        sceau="A" * 32,
        mode=mode,
        destinataire_reglement="15",
        attend_amo=1,
        attend_amc=int("AMC" in one.parties),
        demande_amo=AMO,
        demande_amc=AMC if "AMC" in one.parties else 0,
        total_honoraires=AMO + AMC,
        date_facture=one.jour,
        securisee_le=one.jour,
        organisme="998",
        type_destinataire="CT",
        centre="998",
        remplacant=one.remplacant,
        remplace=one.remplace,
        racine=one.remplace or one.numero,
        rang_chaine=int(one.remplace is not None),
        contenu_fse=None if mode in MODES_SANS_LOT else id_of("fse", one.rank),
        contenu_saisie=id_of("saisie", one.rank),
        personne=id_of("personne", one.nir),
    )
    yield Genre.FACTURE_SECURISEE, {**cells_of(facture), "soins": [], "exclusions": []}
    if one.kind == "annulee":
        annulation = AnnulationRow(
            prestataire=one.prestataire, numero=one.numero, motif="mesure", auteur="essai", annulee_le=one.jour
        )
        yield Genre.FACTURE_ANNULEE, cells_of(annulation)


def _received(week: int) -> Event:
    fichier = name_of_return(week)
    created = FIRST_DAY + (week + 1) * DAYS
    row = FichierRecuRow(
        empreinte=fichier,
        famille="noemie",
        emetteur="00000019980000",
        destinataire=PRESTATAIRES[0],
        identifiant=f"{week + 1:06d}",
        date_creation=created,
        marque="T",
        contenu_archive=id_of("recu", week),
        recu_le=created,
        verdict="recu",
        motif=None,
        conteneur_empreinte=fichier,
        octet=0,
    )
    return Genre.FICHIER_RECU, cells_of(row)


def name_of_return(week: int) -> str:
    """The digest of the return of a week."""
    return id_of("retour", week, size=32)


def cells_of(row: Any) -> dict[str, Any]:
    """A fact by column: what `dataclasses.asdict` gives, in a fifth of the time."""
    return {name: getattr(row, name) for name in row.__slots__}


def id_of(*parts: object, size: int = 16) -> str:
    """Hexadecimal digits as random as those of the journal, always the same for the same parts."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=size).hexdigest()
