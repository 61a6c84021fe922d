"""The facts of a doctor's care: how the patient came, who regulated the call, what is asked above the tariff.

Like those of `soins`, they stay beside the invoice and justify it: what the caisse may ask for is recorded when the
care is given. Source: regles.md E.9 (unscheduled care), I.1 (care path), I.2 (overruns), A.7 (prescriptions).
"""

from dataclasses import dataclass
from typing import Annotated

from fse.norm.model.constraints import Code, Libelle, Logique, Montant, Motif, Phrase
from fse.norm.model.facture import Date, NumeroPrestataire
from fse.norm.model.validated import Validated

Heure = Annotated[str, Motif("([01][0-9]|2[0-3]):[0-5][0-9]", "une heure, de 00:00 à 23:59")]
Nom = Annotated[
    str, Motif("[0-9A-Za-z._:/#+-]{1,64}", "de 1 à 64 lettres sans accent, chiffres ou signes . _ : / # + -")
]
"""A name that the practice chooses (a trip, a household): no patient's name, no NIR."""

Raison = Annotated[str, Phrase(120)]
"""A reason, or the name of a service, without a patient's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation(Validated):
    """Who regulated the call before the care, and when: no regulated majoration is billed without it (E.9)."""

    regulateur: Annotated[
        str,
        Code("samu-sas", "pdsa", "urgences", "centre-appel"),
        Libelle(
            "Médecin régulateur du SAMU ou du SAS, de la permanence des soins, service des urgences (MAO ou IOA), "
            "centre d'appel d'une association de permanence des soins"
        ),
    ]
    encadrement: Annotated[
        bool,
        Logique(),
        Libelle(
            "Le service des urgences agit selon un protocole établi avec le médecin, ou le centre d'appel selon une "
            "convention avec le SAMU approuvée par l'ARS"
        ),
    ] = False
    nom_regulateur: Annotated[Raison, Libelle("Nom du régulateur ou de son service")]
    date: Annotated[Date, Libelle("Date de la régulation")]
    heure: Annotated[Heure, Libelle("Heure de la régulation")]
    reference: Annotated[Nom, Libelle("Référence de l'appel régulé, sans donnée personnelle")]
    tableau_garde: Annotated[
        bool, Logique(), Libelle("Le médecin est inscrit au tableau de garde de la permanence des soins")
    ] = False
    motif_hors_tableau: Annotated[
        Raison | None, Libelle("Pourquoi un médecin hors tableau : l'indisponibilité du médecin de garde")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PremierRecours(Validated):
    """What a treatment of first resort outside a facility answered to, and what followed (YYYYY010)."""

    detresse: Annotated[
        str,
        Code("respiratoire", "cardiaque", "allergique", "agitation", "mal-comitial", "traumatique"),
        Libelle("La détresse traitée"),
    ]
    actes_techniques: Annotated[bool, Logique(), Libelle("Des actes techniques ont été nécessaires")] = False
    presence_prolongee: Annotated[bool, Logique(), Libelle("La présence du médecin a été prolongée")] = False
    suite: Annotated[
        Annotated[str, Code("urgences", "hospitalisation")] | None,
        Libelle("Ce qui a suivi : un passage aux urgences, une hospitalisation"),
    ] = None
    organisation_validee: Annotated[
        bool, Logique(), Libelle("Dans une organisation validée par la commission paritaire locale")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcours(Validated):
    """How the patient came to this doctor in the coordinated care path (regles.md I.1)."""

    situation: Annotated[
        str,
        Code(
            "medecin-traitant",
            "nouveau-medecin-traitant",
            "remplacant-du-medecin-traitant",
            "cabinet-du-medecin-traitant",
            "oriente",
            "oriente-par-un-autre",
            "acces-specifique",
            "urgence",
            "hors-residence",
            "recemment-installe",
            "zone-sous-dotee",
            "hors-parcours",
            "non-concerne",
        ),
        Libelle("La situation du patient dans le parcours de soins"),
    ]
    oriente_par: Annotated[NumeroPrestataire | None, Libelle("Numéro du médecin qui a adressé le patient")] = None
    soins: Annotated[
        Annotated[str, Code("avis-ponctuel", "iteratifs", "sequence")] | None,
        Libelle("Soins du correspondant : avis ponctuel de consultant, soins itératifs, séquence de soins"),
    ] = None
    acces: Annotated[
        Annotated[
            str,
            Code(
                "gynecologie-examen",
                "contraception",
                "grossesse",
                "ivg-medicamenteuse",
                "refraction",
                "glaucome",
                "soins-dentaires",
                "psychiatrie",
            ),
        ]
        | None,
        Libelle("Motif de l'accès spécifique à un spécialiste"),
    ] = None
    retour_information: Annotated[bool, Logique(), Libelle("Le médecin a rendu compte au médecin traitant")] = False
    indicateur: Annotated[
        Annotated[str, Code("A", "B", "D", "H", "J", "M", "N", "O", "R", "S", "T", "U")] | None,
        Libelle("Indicateur du parcours, que fse déduit de la situation"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepassementDemande(Validated):
    """What is asked above the tariff for an act, and what the patient was told of it (regles.md I.2)."""

    genre: Annotated[
        str,
        Code("DE", "DA", "DM", "DP", "libre"),
        Libelle(
            "DE exigence du patient, DA dépassement autorisé hors du parcours, DM dépassement maîtrisé, DP droit à "
            "dépassement permanent, libre honoraires différents (secteur 2)"
        ),
    ]
    montant: Annotated[Annotated[int, Montant(7)], Libelle("Montant au-dessus du tarif, en centimes")]
    motif: Annotated[Raison, Libelle("Motif donné au patient")]
    information: Annotated[bool, Logique(), Libelle("Le patient en a été informé : montant, motif, non remboursé")] = (
        False
    )
    devis: Annotated[bool, Logique(), Libelle("Une information écrite lui a été remise avant les soins")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures(Validated):
    """Who attested what of a session, when it is not who bills alone (draft convention, articles 67 and 68)."""

    execution: Annotated[NumeroPrestataire | None, Libelle("Numéro de qui atteste avoir fait les actes")] = None
    acquit: Annotated[NumeroPrestataire | None, Libelle("Numéro de qui donne l'acquit : les honoraires sont payés")] = (
        None
    )
    honoraires_percus: Annotated[bool, Logique(), Libelle("Les honoraires que le patient doit sont perçus")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdonnanceRedigee(Validated):
    """A prescription that the doctor wrote: each is of one kind (draft convention, article 69)."""

    medicaments: Annotated[bool, Logique(), Libelle("Elle prescrit des médicaments")] = False
    produits: Annotated[
        bool, Logique(), Libelle("Elle prescrit des produits ou prestations de la liste de l'article L. 165-1")
    ] = False
    auxiliaires: Annotated[bool, Logique(), Libelle("Elle prescrit des soins d'auxiliaires médicaux")] = False
    biologie: Annotated[bool, Logique(), Libelle("Elle prescrit des examens de laboratoire")] = False
    double: Annotated[bool, Logique(), Libelle("Un double est remis avec l'original")] = True
