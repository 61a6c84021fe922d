"""An invoice that is in no lot, made from what the scenario says of it: paper, unknown, of another software."""

from __future__ import annotations

from collections.abc import Sequence

from fse.app.caisse.facture import FactureJugee, Payeur
from fse.app.caisse.scenario import Inventee, ReponseVoulue
from fse.app.caisse.scenario.values import error
from fse.norm.model import AssureRetour, FactureRetour

_NOBODY = Payeur(regime="", caisse="", centre="")


def invented(wanted: ReponseVoulue, factures: Sequence[FactureJugee]) -> FactureJugee:
    """The invoice of a `[[hors_flux]]`. Raises `UsageError` (`scenario.facture`): nobody whose insured it shares."""
    said = wanted.inventee
    assert said is not None
    assert wanted.prestataire is not None
    wished = {partie: voulu for partie in ("AMO", "AMC") if (voulu := wanted.part(partie)) is not None}
    return FactureJugee(
        prestataire=wanted.prestataire,
        payeur=_NOBODY,
        reponse=_named(said, wanted.type or ""),
        demandes={partie: voulu.demande or 0 for partie, voulu in wished.items()},
        amc=None,
        prestations=(),
        assure=_insured(said.assure_de, wanted, factures),
        motif=None,
        rang=0,
        octet=0,
    )


def _named(said: Inventee, type_facture: str) -> FactureRetour:
    return FactureRetour(
        numero_facture=said.numero,
        numero_lot=said.lot,
        date_lot=said.date_lot,
        type_facture=type_facture,
        date_facture=said.date_facture,
        nature_assurance=said.nature_assurance,
        parts=(),
    )


def _insured(numero: int | None, wanted: ReponseVoulue, factures: Sequence[FactureJugee]) -> AssureRetour | None:
    if numero is None:
        return None
    found = next((one for one in factures if one.numero == numero and one.assure is not None), None)
    if found is None:
        raise error("scenario.facture", f"« assure_de » : la facture {numero} n'est dans aucun lot.", wanted.lieu)
    return found.assure
