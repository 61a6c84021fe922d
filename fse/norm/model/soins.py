"""The facts of the care, as the professional records them: what pricing needs, and nothing of it goes into B2.

`fse coter` makes the lines of an invoice (`Prestation`) from them; they stay beside the invoice, encrypted, as what
justifies it. Whatever is billed is asked for by the professional as an act, majorations and travel included: fse prices
it, refuses it or says which other the same facts would allow; it never adds one.

A session (`Seance`) is one patient, one professional, one visit: two visits of a day are two sessions (regles.md G.2).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from fse.norm.model.complements import DetailCcam
from fse.norm.model.constraints import (
    Chiffres,
    Code,
    Decimale,
    Entier,
    Jour,
    Libelle,
    Logique,
    Montant,
    Motif,
    Repeated,
)
from fse.norm.model.facture import Date, NumeroPrestataire
from fse.norm.model.medecine import (
    DepassementDemande,
    Heure,
    Nom,
    OrdonnanceRedigee,
    Parcours,
    PremierRecours,
    Regulation,
    Signatures,
)
from fse.norm.model.validated import Validated

NomActe = Annotated[
    str, Motif("[a-z0-9]+(-[a-z0-9]+)*", "un nom de schemas/ngap/actes : minuscules, chiffres et traits d'union")
]
DateAncienne = Annotated[date, Jour(1900, 9999)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordonnance(Validated):
    """What the prescription says. Without it, the acts that need one are refused (NGAP art. 5)."""

    date: Annotated[Date, Libelle("Date de l'ordonnance")]
    qualitative: Annotated[bool, Logique(), Libelle("Elle dit quels actes faire")] = True
    quantitative: Annotated[bool, Logique(), Libelle("Elle dit combien")] = True
    seances: Annotated[Annotated[int, Entier(1, 999)] | None, Libelle("Nombre de séances prescrites, s'il est dit")] = (
        None
    )
    nuit: Annotated[bool, Logique(), Libelle("Elle dit l'exécution de nuit impérative")] = False
    quotidienne: Annotated[bool, Logique(), Libelle("Elle dit l'exécution rigoureusement quotidienne")] = False
    bilan: Annotated[
        Annotated[str, Code("avec-reeducation", "investigation")] | None,
        Libelle("Bilan orthophonique prescrit : avec rééducation si nécessaire, ou d'investigation"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeAccord(Validated):
    """A request of the professional to the medical service, and what came back (NGAP art. 4 and 7)."""

    genre: Annotated[
        str,
        Code("accord-prealable", "assimilation", "acte-nouveau", "bilan-soins-infirmiers"),
        Libelle(
            "Accord préalable (art. 7), assimilation (art. 4, 1°), acte nouveau (art. 4, 2°), ou bilan de soins "
            "infirmiers transmis au médecin"
        ),
    ] = "accord-prealable"
    envoyee_le: Annotated[Date, Libelle("Date d'envoi de la demande")]
    recue_le: Annotated[Date | None, Libelle("Date de réception par le service médical, si elle est connue")] = None
    pieces_demandees_le: Annotated[Date | None, Libelle("Date à laquelle la caisse a demandé des pièces")] = None
    pieces_recues_le: Annotated[Date | None, Libelle("Date de réception des pièces demandées")] = None
    reponse: Annotated[Annotated[str, Code("accord", "refus")] | None, Libelle("Réponse reçue, s'il y en a une")] = None
    reponse_le: Annotated[Date | None, Libelle("Date de la réponse")] = None
    urgence: Annotated[bool, Logique(), Libelle("Demande portant la mention « acte d'urgence »")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deplacement(Validated):
    """The trip of a session away from the practice (NGAP art. 13). Distances in kilometres, one way."""

    trajet: Annotated[
        Nom | None, Libelle("Nom du trajet, le même pour tous les patients vus au cours d'un même déplacement")
    ] = None
    foyer: Annotated[Nom | None, Libelle("Nom du foyer, le même pour les patients d'un même domicile")] = None
    distance: Annotated[
        Annotated[Decimal, Decimale(3, 1)] | None,
        Libelle("Distance du domicile professionnel à celui du patient, en kilomètres, aller simple"),
    ] = None
    distance_plus_proche: Annotated[
        Annotated[Decimal, Decimale(3, 1)] | None,
        Libelle("Distance du professionnel le plus proche de même discipline et de même situation conventionnelle"),
    ] = None
    meme_agglomeration: Annotated[bool, Logique(), Libelle("Les deux domiciles sont dans la même agglomération")] = (
        False
    )
    relief: Annotated[
        str,
        Code("plaine", "montagne", "pied-ski"),
        Libelle("Plaine, montagne (loi du 9 janvier 1985), à pied ou à ski"),
    ] = "plaine"
    prado: Annotated[bool, Logique(), Libelle("Programme de retour à domicile d'une caisse (PRADO)")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActeRealise(Validated):
    """An act done and asked for: by its name in our tables (`acte`), or by its code and coefficient as they will stand.

    `prix`, in centimes, is the fee of an act that the tables of fse do not price (CCAM).
    """

    acte: Annotated[NomActe | None, Libelle("Nom de l'acte dans schemas/ngap/actes")] = None
    code_acte: Annotated[
        Annotated[str, Motif("[0-9A-Z]{1,4}", "de 1 à 4 capitales ou chiffres")] | None,
        Libelle("Lettre-clé ou code de l'acte, quand il n'est pas désigné par son nom"),
    ] = None
    coefficient: Annotated[Annotated[Decimal, Decimale(4, 2)] | None, Libelle("Coefficient de la lettre-clé")] = None
    prix: Annotated[Annotated[int, Montant(7)] | None, Libelle("Prix d'un acte que fse ne tarife pas, en centimes")] = (
        None
    )
    ccam: Annotated[
        DetailCcam | None, Libelle("L'acte de la CCAM, quand nos tables ne le désignent pas : il va en 4M")
    ] = None
    accord: Annotated[DemandeAccord | None, Libelle("Demande d'accord préalable ou d'assimilation")] = None
    gratuit: Annotated[bool, Logique(), Libelle("Acte gratuit")] = False
    non_remboursable: Annotated[bool, Logique(), Libelle("Acte que l'assurance maladie ne rembourse pas")] = False
    depassement: Annotated[DepassementDemande | None, Libelle("Ce qui est demandé au-dessus du tarif")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seance(Validated):
    """One visit: when, where, by whom, on which prescription, and the acts in the order in which they are recorded."""

    date_soins: Annotated[Date, Libelle("Date des soins")]
    heure: Annotated[Heure | None, Libelle("Heure de début des soins")] = None
    appel: Annotated[Heure | None, Libelle("Heure de l'appel du patient, pour un acte urgent")] = None
    duree: Annotated[Annotated[int, Entier(1, 1440)] | None, Libelle("Durée, en minutes")] = None
    patients: Annotated[
        int, Entier(1, 20), Libelle("Nombre de patients pris en charge ensemble ; 1 : ce patient seul")
    ] = 1
    executant: Annotated[
        NumeroPrestataire | None, Libelle("Numéro de qui a soigné ; absent : le prestataire lui-même")
    ] = None
    signatures: Annotated[
        Signatures | None, Libelle("Qui atteste quoi ; absent : qui facture a soigné, et atteste les deux")
    ] = None
    lieu: Annotated[
        str,
        Code("cabinet", "domicile", "ehpad"),
        Libelle("Au cabinet, au domicile du patient, dans un établissement pour personnes âgées"),
    ]
    urgence: Annotated[bool, Logique(), Libelle("Urgence justifiée par l'état du patient")] = False
    depart_immediat: Annotated[
        Annotated[str, Code("centre-15", "patient")] | None,
        Libelle(
            "Consultations interrompues et départ immédiat du cabinet, à la demande du centre 15 ou à celle, expresse "
            "et motivée, du patient"
        ),
    ] = None
    visite_justifiee: Annotated[
        Annotated[str, Code("medico-administratif", "environnement")] | None,
        Libelle("Critère qui justifie la visite : médico-administratif, ou social et environnemental"),
    ] = None
    regulation: Annotated[Regulation | None, Libelle("La régulation de l'appel, avant les soins")] = None
    premier_recours: Annotated[
        PremierRecours | None, Libelle("Un traitement de premier recours hors d'un établissement")
    ] = None
    hospitalisation: Annotated[
        bool, Logique(), Libelle("Acte fait pendant une hospitalisation en établissement privé")
    ] = False
    palliatif: Annotated[bool, Logique(), Libelle("Patient en soins palliatifs")] = False
    sortie_hospitalisation: Annotated[Date | None, Libelle("Date de la dernière sortie d'hospitalisation")] = None
    ordonnance: Annotated[Ordonnance | None, Libelle("L'ordonnance")] = None
    acces_direct: Annotated[
        bool, Logique(), Libelle("Patient reçu sans ordonnance, dans un cadre que la loi permet")
    ] = False
    deplacement: Annotated[Deplacement | None, Libelle("Le déplacement ; absent au cabinet")] = None
    ordonnances: Annotated[
        tuple[OrdonnanceRedigee, ...],
        Repeated("ordonnance_redigee", 0, 9),
        Libelle("Une ordonnance que le médecin a rédigée"),
    ] = ()
    actes: Annotated[tuple[ActeRealise, ...], Repeated("acte", 1, 99), Libelle("Un acte réalisé et demandé")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdhesionReseau(Validated):
    """The membership of a patient in a health network that the practice describes (`[reseaux]` of cabinet.toml)."""

    reseau: Annotated[Annotated[str, Chiffres(14, non_nul=True)], Libelle("Numéro du réseau de santé, 14 chiffres")]
    debut: Annotated[Date, Libelle("Premier jour de l'adhésion du patient")]
    fin: Annotated[Date | None, Libelle("Dernier jour de l'adhésion ; absent : elle dure encore")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soins(Validated):
    """The care that an invoice bills, and who pays which share of it. The patient pays the rest."""

    taux: Annotated[
        Annotated[int, Entier(0, 100)] | None,
        Libelle(
            "Taux de la part obligatoire, en pour cent, quand la carte ou le service en ligne le dit ; absent : celui "
            "de la profession"
        ),
    ] = None
    taux_amc: Annotated[
        int,
        Entier(0, 100),
        Libelle("Part de la base que la complémentaire prend, en pour cent, dans la limite du reste"),
    ] = 0
    parcours: Annotated[Parcours | None, Libelle("Le patient dans le parcours de soins")] = None
    tiers_payant: Annotated[
        Annotated[
            str,
            Code(
                "c2s",
                "acs",
                "accident-du-travail",
                "ame",
                "affection-longue-duree",
                "maternite",
                "acte-couteux",
                "permanence-des-soins",
                "medecin-referent",
                "accord-local",
                "experimentation",
                "propharmacien",
                "choix-du-praticien",
            ),
        ]
        | None,
        Libelle("Ce qui donne lieu au tiers payant"),
    ] = None
    attestation: Annotated[
        bool, Logique(), Libelle("Le droit au tiers payant est attesté : attestation présentée ou téléservice")
    ] = False
    adhesion_reseau: Annotated[
        AdhesionReseau | None, Libelle("Adhésion du patient au réseau de santé dans lequel il est soigné")
    ] = None
    seances: Annotated[tuple[Seance, ...], Repeated("seance", 1, 99), Libelle("Une séance")]
