"""The ARL file: one a B2 file, with the lots that it acknowledges, from the centre that received it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.caisse.acknowledging.decision import LotDecide
from fse.app.caisse.answering.files import draw_identifiant
from fse.app.caisse.reception import Flux
from fse.norm.codec.arl.building import build
from fse.norm.model.accuse import AccuseLot, FichierAccuse


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierArl:
    """One ARL file to write. `nom`: `<centre>-<identifiant>.arl`; `accuse` is what it says."""

    nom: str
    contenu: bytes
    accuse: FichierAccuse


def arl_file(flux: Flux, decided: Sequence[LotDecide], le: date) -> FichierArl | None:
    """The acknowledgement of a file, dated `le`; `None` when there is no lot to speak of, or nobody to tell."""
    entete = flux.entete
    accuses = tuple(_accuses(flux, decided, le))
    if entete is None or not accuses:
        return None
    sent = f"{entete.numero_emetteur} {entete.identifiant_fichier} {entete.date_creation}"
    centre = entete.numero_destinataire.strip()
    accuse = FichierAccuse(
        type_emetteur=entete.type_destinataire,
        numero_emetteur=centre,
        type_destinataire=entete.type_emetteur,
        numero_destinataire=entete.numero_emetteur,
        identifiant_fichier=draw_identifiant(f"ARL {centre} {sent} {le}"),
        date_creation=le,
        marque=flux.marque,
        accuses=accuses,
    )
    name = "".join(one for one in centre if one.isalnum())
    return FichierArl(nom=f"{name}-{accuse.identifiant_fichier}.arl", contenu=build(accuse), accuse=accuse)


def _accuses(flux: Flux, decided: Sequence[LotDecide], le: date) -> Iterator[AccuseLot]:
    for one in decided:
        if one.cle is not None and one.sens and not one.muet and flux.entete is not None:
            prestataire, numero_lot, date_lot = one.cle
            yield AccuseLot(
                prestataire=prestataire,
                numero_lot=numero_lot,
                date_lot=date_lot,
                organisme_destinataire=one.organisme,
                fichier_accuse=flux.entete.identifiant_fichier,
                sens=one.sens,
                cause=one.cause or None,
                libelle=one.libelle or None,
                numero_facture=one.numero_facture,
                date_accuse=le,
            )
