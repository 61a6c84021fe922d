"""What the practice software gives: an invoice, its context, and how to secure it. One document holds many, and what
health networks pay besides.

The generated XSD (`schemas/xsd/factures.xsd`) is this module and those it uses, less the attributes marked `NotInput`.
Source: contrat.md "Input of invoices".
"""

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import AsAttribute, Chiffres, Code, Inline, Libelle, Logique, Motif, Repeated
from fse.norm.model.contexte import Contexte
from fse.norm.model.derogatoire import PrestationDerogatoire
from fse.norm.model.facture import Facture, NumeroFacture
from fse.norm.model.soins import Soins
from fse.norm.model.validated import Validated

MODES_CERTIFIES = ("S", "F", "D")
"""Modes that are also the certification of a lot (record 1, 81) and make an invoice of type F (record 2, 47)."""

MODES_SANS_LOT = ("papier", "s3404")
"""Modes whose sheets travel on paper: they are recorded without a B2 record, enter no lot, and have left then."""

MODES_EN_LOT = (*MODES_CERTIFIES, "aucun")
"""Modes whose invoices go into a lot; `aucun` is plain B2, not secured."""

Identifiant = Annotated[
    str, Motif("[0-9A-Za-z._:/#+-]{1,64}", "de 1 à 64 lettres sans accent, chiffres ou signes . _ : / # + -")
]
"""A name that the practice chooses: it is printed in findings, so it must not hold a patient's name or NIR."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie(Validated):
    """One invoice to secure. The same `reference` with the same content is the same invoice.

    One to price (`fse coter`) has its `soins` and may have no line yet.
    """

    reference: Annotated[
        Identifiant,
        AsAttribute(),
        Libelle("Référence de la facture dans le logiciel, unique par cabinet et prestataire, sans donnée personnelle"),
    ]
    mode: Annotated[
        str,
        Code(*MODES_EN_LOT, *MODES_SANS_LOT),
        AsAttribute(),
        Libelle(
            "Sécurisation : S avec carte Vitale, F sans carte Vitale, D dégradé, aucun B2 simple non sécurisé, papier "
            "feuille de soins, s3404 feuille S3404"
        ),
    ]
    remplace: Annotated[NumeroFacture | None, Libelle("Numéro de la facture que celle-ci corrige et remplace")] = None
    remplacant: Annotated[
        Annotated[str, Chiffres(9, non_nul=True)] | None,
        Libelle("Numéro du remplaçant qui a soigné ; le prestataire est alors le praticien remplacé"),
    ] = None
    hors_presence: Annotated[
        bool, Logique(), Libelle("Tous les soins de la feuille ont été faits hors de la présence du patient")
    ] = False
    facture: Annotated[Facture, Inline(), Libelle("La facture")]
    soins: Annotated[Soins | None, Libelle("Ce qui a été fait, dont fse coter tire les lignes de la facture")] = None
    contexte: Annotated[Contexte, Libelle("Ce que la carte ou le service en ligne a dit ; n'entre pas dans le B2")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFactures(Validated):
    """What one input document holds: invoices of one cabinet, of any of its prestataires; services of networks besides.

    One that holds nothing is refused when it is read.
    """

    cabinet: Annotated[Identifiant, AsAttribute(), Libelle("Identifiant du cabinet, celui de cabinet.toml")]
    factures: Annotated[tuple[Saisie, ...], Repeated("facture", 0), Libelle("Une facture à sécuriser")] = ()
    derogatoires: Annotated[
        tuple[PrestationDerogatoire, ...],
        Repeated("derogatoire", 0),
        Libelle("Une prestation qu'un réseau de santé paie, hors facture"),
    ] = ()
