"""The invoice: exactly what the B2 records 2, 2S, 2M, 4, 4S, 4M and 5 of the liberal professions carry, nothing else.

The law of the codec is `read(build(facture)) == facture`. What the card or the rights service said besides is
`contexte`; what the practice software asked besides (reference, mode) is `saisie`. Totals are sums, never stored.
Codes whose lists change with time (act, exemption, qualifier) are checked here in their shape only.

Source: b2.md 3.6, 3.8, 3.9, 3.17, 3.19, 3.20 and 6; defaults: precisions.md "Defaults of the B2 fields".
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from fse.norm.model.complements import DetailCcam, RoutageAmc
from fse.norm.model.constraints import (
    Chiffres,
    Code,
    CodeDroite,
    Decimale,
    Entier,
    Jour,
    Libelle,
    Montant,
    Motif,
    NotInput,
    Repeated,
)
from fse.norm.model.validated import Validated

NumeroPrestataire = Annotated[str, Chiffres(9, non_nul=True)]
NumeroFacture = Annotated[int, Entier(1, 999_999_999)]
Date = Annotated[date, Jour()]
MontantLigne = Annotated[int, Montant(7)]
CodeNatureAssurance = Annotated[str, Code("10", "13", "30", "41", "90")]
CodeTypeFacture = Annotated[str, Code("F")]
CodeMarque = Annotated[str, Code("T", "D")]
Nir = Annotated[str, Motif("[0-9]{5}([0-9]{2}|2[AB])[0-9]{6}", "13 chiffres, ou 2A ou 2B pour le département")]
CodeExoneration = Annotated[str, Motif("[0-9A-Z]", "un chiffre ou une capitale")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assure(Validated):
    """The insured person, as the payer knows them."""

    nir: Annotated[Nir, Libelle("NIR de l'assuré, 13 caractères, sans la clé ; 2A et 2B en Corse")]
    cle_nir: Annotated[str, Chiffres(2), Libelle("Clé du NIR")]
    regime: Annotated[str, Chiffres(2), Libelle("Grand régime")]
    caisse: Annotated[str, Chiffres(3), Libelle("Caisse gestionnaire")]
    centre: Annotated[str, Chiffres(4), Libelle("Centre gestionnaire ; 0000 s'il n'y en a pas")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NirIndividuel(Validated):
    """The own NIR of the person cared for, when it is not the insured one's (record 2S)."""

    nir: Annotated[Nir, Libelle("NIR du bénéficiaire, 13 caractères, sans la clé ; 2A et 2B en Corse")]
    cle_nir: Annotated[str, Chiffres(2, non_nul=True), Libelle("Clé de ce NIR")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beneficiaire(Validated):
    """The person cared for. The birth date stays as it is printed: a month above 12 is legal."""

    date_naissance: Annotated[
        str, Chiffres(6), Libelle("Date de naissance AAMMJJ, telle que la carte la donne (mois lunaire possible)")
    ]
    rang_naissance: Annotated[int, Entier(1, 9), Libelle("Rang de naissance (jumeaux)")] = 1
    nir_individuel: Annotated[
        NirIndividuel | None, Libelle("NIR propre au bénéficiaire, s'il n'est pas celui de l'assuré")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription(Validated):
    """Who prescribed the acts, and when; absent for a doctor's own act."""

    prescripteur: Annotated[NumeroPrestataire, Libelle("Numéro du prescripteur, 8 chiffres et la clé")]
    date_prescription: Annotated[Date, Libelle("Date de la prescription")]
    specialite: Annotated[
        Annotated[str, Chiffres(2, non_nul=True)] | None, Libelle("Spécialité du prescripteur, si elle est connue")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContratAmc(Validated):
    """The contract with a complementary insurer.

    A member number of at most 8 characters stands in record 2. A longer one needs a 2M, where digits alone fit, and
    so does a `routage`.
    """

    numero_amc: Annotated[
        str, CodeDroite(10), Libelle("Numéro de l'organisme complémentaire ; les zéros de gauche ne comptent pas")
    ]
    numero_adherent: Annotated[
        Annotated[
            str,
            Motif(
                "[0-9A-Z]{1,8}|[1-9][0-9]{8,14}",
                "de 1 à 8 capitales ou chiffres, ou de 9 à 15 chiffres sans zéro de tête",
            ),
        ]
        | None,
        Libelle("Numéro d'adhérent à l'organisme complémentaire"),
    ] = None
    routage: Annotated[RoutageAmc | None, Libelle("Aiguillage vers l'organisme complémentaire")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prestation(Validated):
    """One act line. Amounts in centimes, for the whole line (quantity included)."""

    executant: Annotated[
        NumeroPrestataire | None, Libelle("Numéro de qui a fait l'acte ; absent : le prestataire lui-même")
    ] = None
    specialite_executant: Annotated[
        Annotated[str, Chiffres(2, non_nul=True)] | None, NotInput(), Libelle("Spécialité de l'exécutant")
    ] = None
    date_soins: Annotated[Date, Libelle("Date d'exécution de l'acte")]
    code_acte: Annotated[
        str, Motif("[0-9A-Z]{1,4}", "de 1 à 4 capitales ou chiffres"), Libelle("Code de l'acte ou lettre-clé")
    ]
    complement_acte: Annotated[
        Annotated[str, Motif("[0-9A-Z]", "un chiffre ou une capitale")] | None,
        Libelle("Complément du code : N nuit, F jour férié ou dimanche, U urgence"),
    ] = None
    quantite: Annotated[int, Entier(1, 99), Libelle("Quantité")] = 1
    coefficient: Annotated[
        Decimal, Decimale(4, 2), Libelle("Coefficient de la lettre-clé ; 1 pour un acte forfaitaire")
    ] = Decimal(1)
    denombrement: Annotated[int, Entier(1, 99), Libelle("Dénombrement")] = 1
    prix_unitaire: Annotated[MontantLigne, Libelle("Prix unitaire, en centimes")]
    base: Annotated[MontantLigne, Libelle("Base de remboursement de la ligne, en centimes")]
    taux: Annotated[int, Entier(0, 100), Libelle("Taux de remboursement de la part obligatoire, en pour cent")]
    montant_amo: Annotated[
        MontantLigne, Libelle("Part obligatoire (AMO) de la ligne, en centimes : la base au taux, arrondie")
    ]
    montant_amc: Annotated[MontantLigne, Libelle("Part complémentaire (AMC) de la ligne, en centimes")] = 0
    honoraires: Annotated[MontantLigne, Libelle("Honoraires facturés pour la ligne, dépassement compris, en centimes")]
    qualificatif: Annotated[
        Annotated[str, Motif("[A-Z]", "une capitale")] | None, Libelle("Qualificatif de la dépense (A, D, E, F, G, N…)")
    ] = None
    lieu: Annotated[str, Code("0", "1"), Libelle("Lieu de l'acte : 0 au cabinet, 1 au domicile du patient")]
    exoneration: Annotated[
        CodeExoneration | None, Libelle("Justification d'exonération propre à l'acte ; jamais remontée à la facture")
    ] = None
    date_accord: Annotated[Date | None, Libelle("Date de la demande d'accord préalable")] = None
    accord_prealable: Annotated[
        str,
        Code("0", "4", "5", "9"),
        Libelle("Accord préalable : 0 pas de réponse dans le délai, 4 favorable, 5 urgence, 9 non soumis"),
    ] = "9"
    statut_executant: Annotated[
        Annotated[str, Code("L", "S")] | None, Libelle("Condition d'exercice de l'exécutant : L libéral, S salarié")
    ] = None
    reseau: Annotated[
        Annotated[str, Chiffres(14, non_nul=True)] | None,
        Libelle("Réseau de santé dont le patient est membre, 14 chiffres"),
    ] = None
    lieu_execution: Annotated[
        Annotated[str, Chiffres(14, non_nul=True)] | None,
        Libelle("Structure où l'acte a été fait, 14 chiffres"),
    ] = None
    details_ccam: Annotated[
        tuple[DetailCcam, ...],
        Repeated("detail_ccam", 0, 26),
        Libelle("Un acte de la CCAM de cette ligne, de la plus ancienne séance à la plus récente"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facture(Validated):
    """One invoice.

    One without a line is still to be priced: no record is made of it (`controle`).

    `marque`, `type_facture` and `justificatif_droits` come with securing; `marque` is `None` before it, and no B2
    writer may turn that into the blank that would mean "real". `numero` is `None` where the counter allocates it.
    """

    prestataire: Annotated[NumeroPrestataire, Libelle("Numéro de facturation du prestataire, 8 chiffres et la clé")]
    numero: Annotated[
        NumeroFacture | None,
        Libelle("Numéro de la facture, s'il vient du logiciel ; absent s'il est attribué à la sécurisation"),
    ] = None
    marque: Annotated[CodeMarque | None, NotInput(), Libelle("Marque du flux : T test, D démonstration")] = None
    type_facture: Annotated[
        CodeTypeFacture | None, NotInput(), Libelle("Type : F flux SESAM ou dégradé, blanc hors SESAM")
    ] = None
    date_facture: Annotated[Date, Libelle("Date de la facture")]
    assure: Annotated[Assure, Libelle("L'assuré")]
    beneficiaire: Annotated[Beneficiaire, Libelle("Le bénéficiaire des soins")]
    justificatif_droits: Annotated[
        Annotated[str, Code("0", "1", "2", "4")] | None,
        NotInput(),
        Libelle("Justificatif des droits : 4 carte Vitale, 2 service en ligne, 1 attestation, 0 aucun"),
    ] = None
    prescription: Annotated[
        Prescription | None, Libelle("La prescription ; absente pour l'acte propre d'un médecin")
    ] = None
    nature_assurance: Annotated[
        CodeNatureAssurance,
        Libelle(
            "Nature d'assurance : 10 maladie, 13 régime local d'Alsace-Moselle, 30 maternité, 41 accident du travail, "
            "90 prévention"
        ),
    ]
    exoneration: Annotated[
        CodeExoneration | None, Libelle("Justification d'exonération du ticket modérateur, pour toute la facture")
    ] = None
    date_maternite: Annotated[Date | None, Libelle("Date de maternité")] = None
    accident: Annotated[
        Annotated[str, Chiffres(9, non_nul=True)] | None,
        Libelle("Numéro de l'accident du travail ou, sans numéro et en droit commun, 000 puis la date AAMMJJ"),
    ] = None
    destinataire_reglement: Annotated[
        str,
        Code("00", "05", "15", "25", "10", "06"),
        Libelle(
            "Destinataire du règlement : 00 assuré, 05 tiers payant AMO, 15 tiers payant AMO et AMC, 25 tiers payant "
            "AMC seule, 10 AT du régime général en externe, 06 tiers payant total SNCF ou mines"
        ),
    ]
    amc: Annotated[ContratAmc | None, Libelle("Le contrat complémentaire")] = None
    prestations: Annotated[
        tuple[Prestation, ...],
        Repeated("prestation", 0, 999),
        Libelle("Une ligne d'acte ; aucune : fse coter les tire des soins"),
    ] = ()

    @property
    def total_honoraires(self) -> int:
        """Billed, in centimes."""
        return sum(prestation.honoraires for prestation in self.prestations)

    @property
    def total_amo(self) -> int:
        """Asked from the compulsory insurer, in centimes."""
        return sum(prestation.montant_amo for prestation in self.prestations)

    @property
    def total_amc(self) -> int:
        """Asked from the complementary insurer, in centimes."""
        return sum(prestation.montant_amc for prestation in self.prestations)

    @property
    def part_assure(self) -> int:
        """Billed less AMO, before AMC, in centimes."""
        return self.total_honoraires - self.total_amo
