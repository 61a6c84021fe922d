"""What `cabinet.toml` says, section by section. The keys are the attributes; docs/cabinet.md tells each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fse.app.operations.cabinet.situations import PeriodeExercice, Remplacement, Salarie
from fse.base.identifiers import compte
from fse.base.plages import FACTURES, FICHIERS, LOTS, Plage
from fse.base.working_days import Calendrier
from fse.norm.referentiels.codes import PACKAGED, CodeLists
from fse.norm.referentiels.parametres import DROIT, Regime
from fse.norm.referentiels.profils import SANS_PROFIL, Profil

if TYPE_CHECKING:
    from fse.domain.cotation.prestations.reseaux import Reseau

DATABASE = "postgresql://"
"""How the address of a journal that is not a file starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emetteur:
    """Who sends the files. `type` is TP, TE, SI or OT; `numero` up to 14 digits, zero-filled in the file."""

    type: str
    numero: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prestataire:
    """Who bills. `numeros`: "alloues" when fse numbers the invoices, "fournis" when the practice software does.

    `cle` is a PKCS#12 test key, "" when the prestataire signs with a card (`[[cartes]]`).
    `profession` is one of `ngap.actes.PROFESSIONS`, "" when fse prices nothing for it; `discipline`, of a
    doctor, one of `cotation.exercice.DISCIPLINES`; `territoire` is where it
    practises, for the tariffs. `premier_numero` and `dernier_numero` are the numbers reserved to this workstation, 0
    and 0 when it is the only one.
    """

    numero: str
    nom: str
    specialite: str
    cle: str = ""
    profession: str = ""
    discipline: str = ""
    territoire: str = "metropole"
    numeros: str = "alloues"
    premier_numero: int = 0
    dernier_numero: int = 0

    @property
    def plage(self) -> Plage:
        """The invoice numbers that may be given here."""
        return Plage(self.premier_numero, self.dernier_numero) if self.dernier_numero else FACTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class Poste:
    """This workstation, one of several that have each their own SQLite journal: the lots and files reserved to it."""

    nom: str
    premier_lot: int
    dernier_lot: int
    premier_fichier: int
    dernier_fichier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AutrePoste:
    """What another workstation has reserved, so that an overlap is seen here; its numbers are of every prestataire."""

    nom: str
    premier_lot: int
    dernier_lot: int
    premier_fichier: int
    dernier_fichier: int
    premier_numero: int
    dernier_numero: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandat:
    """Who is paid for several prestataires: a designated doctor, a company (`beneficiaire`, 9 characters)."""

    beneficiaire: str
    prestataires: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisateur:
    """Who reads on this machine, by session name: the invoices of these prestataires, of all when there is none."""

    nom: str
    praticiens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One line of the destination table: where the sheets of a scheme, fund and centre go.

    `adresse` is the mail address of the computing centre, `certificats` the files (PEM or DER) of the certificates that
    its files are encrypted for, the old one and the new one together when it changes. `calendrier` names the public
    holidays by which it counts working days: a territory of `fse.base.working_days`, or one of `[[calendriers]]`.
    """

    regime: str
    caisse: str
    centre: str
    organisme_destinataire: str
    centre_informatique: str
    type_destinataire: str
    adresse: str = ""
    certificats: tuple[str, ...] = ()
    calendrier: str = "metropole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forclusion:
    """After how many civil months from the date of the invoice a payer pays no more: no public source settles it.

    `organisme` is the fund of the invoice, "*" for all; `partie` is AMO or AMC; `source` says who gave the figure.
    """

    organisme: str
    partie: str
    mois: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Where the practice completes our code lists: a folder of CSV files, relative to that of `cabinet.toml`."""

    dossier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cotation:
    """How acts are priced. `profil`: one of `schemas/profils`, or a file of the practice; "": verified values alone.

    `regime`: "droit", or "projet-2011", what the draft convention says besides: it was never in force.
    """

    profil: str = ""
    regime: Regime = DROIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseaux:
    """Where the health networks of the practice are described: a folder, one TOML file a network."""

    dossier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carte:
    """A professional's card (CPS) or that of a person of the practice (CPE), read through PKCS#11.

    `jeton` is the label of the token, `module` the PKCS#11 library of the reader (a path, or a name that the system
    finds). `titulaire` is the identity that its signature certificate bears: the common name or the serial number of
    its subject. `prestataires` are those it may sign for: its holder, who they replace, or who employs them (regles.md
    A.7). `remplacant` is the number of its holder when they replace these; it then signs what they did in their place,
    and nothing else. `signe_factures` and `signe_lots` are two rights (architecture, decision 15).
    """

    jeton: str
    module: str
    titulaire: str
    prestataires: tuple[str, ...]
    genre: str = "CPS"
    remplacant: str = ""
    signe_factures: bool = True
    signe_lots: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Confiance:
    """Which authorities vouch for signers (`ancres`), and the revocation lists known (`lcr`): files, PEM or DER."""

    ancres: tuple[str, ...] = ()
    lcr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envoi:
    """How files leave by fse itself. `genre`: "courriel" (SMTP, STARTTLS) or "repertoire" (the folder of an OCT).

    For mail: `serveur` (a name, which its certificate bears), `port`, `expediteur` (the address of the practice),
    `compte` ("" without authentication); for a folder: `dossier`. `autorites`: the file of the authorities that vouch
    for the server, "" for those of the system.
    """

    genre: str
    serveur: str = ""
    port: int = 587
    expediteur: str = ""
    compte: str = ""
    dossier: str = ""
    autorites: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Releve:
    """Where returns come: `genre` "courriel" (POP3 over TLS) or "repertoire" (a folder). Keys as in `Envoi`.

    `cle` is the PKCS#12 file that opens what is encrypted for the practice, "" when nothing is.
    """

    genre: str
    serveur: str = ""
    port: int = 995
    compte: str = ""
    dossier: str = ""
    autorites: str = ""
    cle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compte:
    """A bank account on which payers pay: its IBAN, or bank, branch and number (21 characters).

    `prestataires` are those who are paid on it, whoever is paid for them included (`[[mandats]]`); none: all of them.
    """

    nom: str
    compte: str
    prestataires: tuple[str, ...] = ()

    @property
    def numero(self) -> str:
        """The account as statements are compared with it."""
        return compte.reduce(self.compte)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuit:
    """What the nightly job needs besides: `dossiers` where returns and bank statements are dropped by hand, `rapport`
    the folder of the morning page, "" when none is wanted.
    """

    dossiers: tuple[str, ...] = ()
    rapport: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CahierDesCharges:
    """The SESAM-Vitale specification to have: when it was published, when it was corrected, whether it is installed.

    Source of the delay: S4 art. 59.1 (A-04).
    """

    version: str
    publie_le: date
    corrige_le: date | None = None
    installe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cabinet:
    """The practice. `marque` is T (test) or D (demonstration): nothing lifts the refusal of a real flow."""

    cabinet: str
    marque: str
    journal: str
    emetteur: Emetteur
    prestataires: tuple[Prestataire, ...]
    destinations: tuple[Destination, ...]
    fuseau: str = "Europe/Paris"
    taille_lot: int = 20
    delai_sans_retour: int = 10
    delai_virement: int = 10
    codes: Codes | None = None
    cotation: Cotation = field(default_factory=Cotation)
    reseaux: Reseaux | None = None
    poste: Poste | None = None
    autres_postes: tuple[AutrePoste, ...] = ()
    mandats: tuple[Mandat, ...] = ()
    utilisateurs: tuple[Utilisateur, ...] = ()
    forclusions: tuple[Forclusion, ...] = ()
    exercices: tuple[PeriodeExercice, ...] = ()
    salaries: tuple[Salarie, ...] = ()
    remplacements: tuple[Remplacement, ...] = ()
    cartes: tuple[Carte, ...] = ()
    confiance: Confiance = field(default_factory=Confiance)
    envoi: Envoi | None = None
    releve: Releve | None = None
    comptes: tuple[Compte, ...] = ()
    nuit: Nuit = field(default_factory=Nuit)
    cahier_des_charges: CahierDesCharges | None = None
    calendriers: tuple[Calendrier, ...] = ()
    folder: Path = field(default=Path())
    listes: CodeLists = field(default=PACKAGED)
    profil: Profil = field(default=SANS_PROFIL)
    reseaux_decrits: tuple[Reseau, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.fuseau)

    @property
    def journal_path(self) -> Path:
        return self.folder / self.journal

    @property
    def journal_place(self) -> Path | str:
        """Where the journal is: a path relative to the folder of `cabinet.toml`, or an address `postgresql://…`."""
        return self.journal if self.journal.startswith(DATABASE) else self.journal_path

    @property
    def dossier_codes(self) -> Path | None:
        """The folder that completes our code lists, `None` when the practice has none."""
        return None if self.codes is None else self.folder / self.codes.dossier

    @property
    def dossier_reseaux(self) -> Path | None:
        """The folder of the health networks, `None` when the practice works in none."""
        return None if self.reseaux is None else self.folder / self.reseaux.dossier

    def reseau(self, numero: str) -> Reseau | None:
        """The health network of this number, `None` when the practice does not describe it."""
        return next((one for one in self.reseaux_decrits if one.numero == numero), None)

    @property
    def plage_lots(self) -> Plage:
        """The lot numbers that may be given here."""
        return LOTS if self.poste is None else Plage(self.poste.premier_lot, self.poste.dernier_lot)

    @property
    def plage_fichiers(self) -> Plage:
        """The file ids that may be given here."""
        return FICHIERS if self.poste is None else Plage(self.poste.premier_fichier, self.poste.dernier_fichier)

    @property
    def canal(self) -> str:
        """How files leave: the `genre` of `[envoi]`, "" when someone else sends what is written."""
        return "" if self.envoi is None else self.envoi.genre

    def centres(self, type_destinataire: str, centre_informatique: str) -> tuple[Destination, ...]:
        """The lines of the destination table that lead to a computing centre."""
        wanted = (type_destinataire, centre_informatique)
        return tuple(one for one in self.destinations if (one.type_destinataire, one.centre_informatique) == wanted)

    def payes_sur(self, compte: Compte) -> tuple[str, ...]:
        """The numbers of those who are paid on an account."""
        every = dict.fromkeys([*(one.numero for one in self.prestataires), *(one.beneficiaire for one in self.mandats)])
        return compte.prestataires or tuple(every)

    def prestataire(self, numero: str) -> Prestataire | None:
        """The provider of this number, `None` when the practice does not have it."""
        return next((one for one in self.prestataires if one.numero == numero), None)

    def destination(self, regime: str, caisse: str, centre: str) -> Destination | None:
        """Where the sheets of this triple go, `None` when the table does not say."""
        wanted = (regime, caisse, centre)
        return next((one for one in self.destinations if (one.regime, one.caisse, one.centre) == wanted), None)
