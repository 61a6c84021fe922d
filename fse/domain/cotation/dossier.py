"""A session while it is priced: its lines being made, the rules in force that day, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, cast

from fse.base.errors import UsageError
from fse.base.findings import Effect, Finding, Place, Severity, finding
from fse.base.money import amount_of, format_euros
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.lignes import Justification, Retenue
from fse.domain.cotation.situation import Historique, Situation, SoinPasse, preceding
from fse.norm.model.complements import DetailCcam
from fse.norm.model.soins import ActeRealise, Seance
from fse.norm.referentiels.ngap.actes import Acte, CotationActe
from fse.norm.referentiels.ngap.regles import Controle, Regle
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, Parametre, Regime
from fse.norm.referentiels.profils import A_VERIFIER, Profil

_R = TypeVar("_R", bound=Regle)


@dataclass(slots=True, kw_only=True)
class Ligne:
    """An act being priced. `valeur`: centimes of its letter, or of the flat act; `part`: what article 11 B leaves of
    its coefficient; `taux_valeur`: percent of its price that another rule leaves (a renewal); `facturee`: on the sheet.
    `depassement`: centimes asked above it, that nobody reimburses; `qualificatif`: of the expense, on the sheet.
    `taux`: percent of its base that the compulsory part takes, `None`: that of the patient; `reseau`: where it is done.
    `forfait`: centimes of it that stand on the line of the flat sum for costly acts (PAV).
    """

    rang: int
    demande: ActeRealise
    acte: Acte | None
    cotation: CotationActe | None
    code_acte: str
    libelle: str
    coefficient: Decimal
    valeur: int
    etiquettes: frozenset[str]
    quantite: int = 1
    part: Fraction = Fraction(1)
    classee: bool = False
    taux_valeur: int = 100
    facturee: bool = True
    motif: str = ""
    accord_prealable: str = "9"
    complement_acte: str | None = None
    depassement: int = 0
    qualificatif: str | None = None
    taux: int | None = None
    forfait: int = 0
    exoneration: str | None = None
    reseau: str | None = None
    justifications: list[Justification] = field(default_factory=list)

    @property
    def coefficient_facture(self) -> Fraction:
        """The coefficient on the sheet: halved before anything is rounded."""
        return Fraction(self.coefficient) * self.part

    @property
    def montant(self) -> int:
        """Centimes, rounded once; 0 when it is not billed."""
        if not self.facturee:
            return 0
        return amount_of(self.coefficient_facture * self.quantite, self.valeur, self.taux_valeur) - self.forfait

    @property
    def poids(self) -> Fraction:
        """What the act is worth in full, not rounded: article 11 B ranks by it."""
        return Fraction(self.coefficient) * self.quantite * self.valeur

    @property
    def ccam(self) -> DetailCcam | None:
        """The act of the CCAM that it is: as it was recorded, else as our tables say it; `None` for another."""
        if self.demande.ccam is not None or self.cotation is None or not self.cotation.ccam:
            return self.demande.ccam
        return DetailCcam(code=self.cotation.ccam)

    @property
    def forfaitaire(self) -> bool:
        """Whether its code alone prices it, without a coefficient."""
        return (self.cotation or self.demande).coefficient is None

    def leave_out(self, motif: str) -> None:
        """Off the sheet: it is not billed, and `motif` says why in French."""
        self.facturee, self.motif = False, motif


@dataclass(slots=True)
class Dossier:
    """What the rules work on. `lignes` in the order in which the acts were recorded; `portees`: what was billed, by how
    far a rule looks (`cumuls.past_within`); `indicateur`: of the care path (code list `indicateur_parcours`);
    `retenues`: what the caisse will withhold besides; `sans_prix`: the labels of the acts asked for that have no price.
    """

    seance: Seance
    situation: Situation
    historique: Historique
    bareme: Bareme
    lignes: list[Ligne] = field(default_factory=list)
    constats: list[Finding] = field(default_factory=list)
    portees: dict[str, list[SoinPasse]] = field(default_factory=dict, repr=False)
    indicateur: str = ""
    retenues: list[Retenue] = field(default_factory=list)
    sans_prix: list[frozenset[str]] = field(default_factory=list)
    _regles: Mapping[str, Regle] = field(init=False, repr=False)
    _genres: dict[type[Regle], list[Regle]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        who = self.situation
        self._regles = self.bareme.regles(self.seance.date_soins, who.profession, who.exercice.discipline)

    def regle(self, nom: str, kind: type[_R]) -> _R | None:
        """The rule of this name when it applies to this session."""
        found = self._regles.get(nom)
        return found if isinstance(found, kind) else None

    def regles(self, kind: type[_R]) -> Iterator[_R]:
        """The rules of a genre that apply to this session, in the order of the files."""
        if not self._genres:
            for one in self._regles.values():
                self._genres.setdefault(type(one), []).append(one)
        return iter(cast(list[_R], self._genres.get(kind, [])))

    @property
    def avant(self) -> list[SoinPasse]:
        """What was done for the patient before this session."""
        return preceding(self.historique.patient, self.seance)

    def nommees(self, etiquettes: Iterable[str]) -> list[Ligne]:
        """The lines on the sheet that one of these labels names."""
        wanted = frozenset(etiquettes)
        return [ligne for ligne in self.lignes if ligne.facturee and ligne.etiquettes & wanted]

    def there(self, etiquettes: Iterable[str]) -> bool:
        """Whether an act that one of these labels names is on the sheet, or would be if it had a price."""
        wanted = frozenset(etiquettes)
        return bool(wanted) and (bool(self.nommees(wanted)) or any(one & wanted for one in self.sans_prix))

    def valeur(self, nom: str) -> Parametre:
        """A parameter on the day of the session. Raises `UsageError`."""
        return self.bareme.valeur(nom, self.seance.date_soins)

    def applied(self, ligne: Ligne, regle: Regle, valeur: str = "") -> None:
        """Note on a line that a rule made it what it is."""
        ligne.justifications.append(because(regle, self.bareme.profil, valeur))

    def used(self, ligne: Ligne, parametre: Parametre) -> None:
        """Note on a line that a value was used; a finding when a later source contradicts it."""
        ligne.justifications.append(value_used(parametre, self.bareme.profil))
        if parametre.doute is not None:
            self.constats.append(_doubtful(parametre, parametre.doute, ligne.rang))

    def find(self, regle: Controle, ligne: Ligne | None = None, **values: object) -> None:
        """A finding of a rule, on a line when one is meant."""
        self.constats.append(finding_of(regle, None if ligne is None else ligne.rang, **values))

    def unpriced(self, rang: int | None, error: UsageError) -> None:
        """The finding of an act, or of the session, that a missing or unverified value leaves without a price."""
        code = "cotation.a_verifier" if error.code.endswith(".a_verifier") else "cotation.sans_valeur"
        place = _place(rang)
        self.constats.append(finding(code, place, raison=error.message, suite=error.action))

    def find_unpriced(self, regle: Controle, rang: int, **values: object) -> None:
        """The finding of a rule that says why an act has no value, instead of the one that asks for that value."""
        place = _place(rang)
        self.constats = [one for one in self.constats if (one.code, one.place) != ("cotation.sans_valeur", place)]
        self.constats.append(finding_of(regle, rang, **values))


def _doubtful(parametre: Parametre, doute: Parametre, rang: int) -> Finding:
    return finding(
        "cotation.valeur_a_confirmer",
        Place(type="seance", rang=rang, champ=f"acte[{rang}]"),
        libelle=parametre.libelle,
        valeur=told(parametre),
        autre=told(doute),
        depuis=f"{doute.debut:%d/%m/%Y}",
        source=doute.source,
        nom=parametre.nom,
    )


def finding_of(regle: Controle, rang: int | None, **values: object) -> Finding:
    """The finding of a rule: its code is `ngap.<name of the rule>`, its source quotes the article."""
    return Finding(
        code=f"ngap.{regle.nom}",
        gravite=Severity(regle.gravite),
        effet=Effect.SIGNALE,
        message=as_told(regle.message.format(**values), regle.regime),
        action=regle.action.format(**values),
        source=f"{regle.article} ({regle.source})",
        place=_place(rang),
    )


def as_told(text: str, regime: Regime) -> str:
    """A sentence or a label that rests on a rule or a value: of the draft, it says so, once."""
    if regime == DROIT or EN_PROJET in text:
        return text
    return f"{text.removesuffix('.')} ({EN_PROJET}){'.' if text.endswith('.') else ''}"


def _place(rang: int | None) -> Place:
    return Place(type="seance") if rang is None else Place(type="seance", rang=rang, champ=f"acte[{rang}]")


def because(regle: Regle, profil: Profil, valeur: str = "") -> Justification:
    """The step of an explanation that a rule is."""
    return Justification(
        regle=regle.nom,
        parametre="",
        libelle=as_told(regle.libelle, regle.regime),
        valeur=valeur,
        depuis=regle.debut,
        article=regle.article,
        source=regle.source,
        confiance=regle.confiance,
        profil=profil.nom if regle.confiance in A_VERIFIER else "",
    )


def value_used(parametre: Parametre, profil: Profil) -> Justification:
    """The step of an explanation that a value is."""
    return Justification(
        regle="",
        parametre=parametre.nom,
        libelle=as_told(parametre.libelle, parametre.regime),
        valeur=told(parametre),
        depuis=parametre.debut,
        article=parametre.article,
        source=parametre.source,
        confiance=parametre.confiance,
        profil=parametre.profil or (profil.nom if parametre.confiance in A_VERIFIER else ""),
    )


_UNITS = {
    "pour_cent": "%",
    "kilometres": "km",
    "minutes": "min",
    "heures": "h",
    "jours": "jours",
    "jours_ouvres": "jours ouvrés",
    "mois": "mois",
    "annees": "ans",
    "nombre": "",
}


def told(parametre: Parametre) -> str:
    """A value as a French reader writes it."""
    if parametre.unite == "centimes":
        return format_euros(parametre.valeur)
    if parametre.unite == "pour_mille":
        return f"{parametre.valeur // 10},{parametre.valeur % 10} %"
    return f"{parametre.valeur} {_UNITS[parametre.unite]}".strip()


def place_in(constat: Finding, reference: str, seance: int) -> Finding:
    """The same finding, its place being that of a document: invoice, session and act from 1."""
    champ = f"soins/seance[{seance}]" + (f"/{constat.place.champ}" if constat.place.champ else "")
    return replace(
        constat,
        message=f"Facture « {reference} », séance {seance} : {constat.message}",
        place=replace(constat.place, type="facture", rang=None, champ=champ),
    )
