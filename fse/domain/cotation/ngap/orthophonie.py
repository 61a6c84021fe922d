"""Speech therapy: assessments, series, durations, agreements. The rules are data (`regles/orthophonistes.toml`).

Whether a request for an agreement is granted is for `accords`; here is said when one is needed. Source: regles.md F.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fse.base.errors import UsageError
from fse.domain.cotation.dossier import Dossier, Ligne
from fse.domain.cotation.ngap.series import RENOUVELLEMENT, Classes, Serie
from fse.domain.cotation.situation import SoinPasse
from fse.norm.referentiels.ngap.regles import Calcul, Classe, Controle

LETTRE = "AMO"
GROUPE = "seance-groupe-orthophonie"
SANS_ACCORD = "orthophonie-sans-accord-apres-bilan"
DEUX_SEANCES = "orthophonie-deux-seances"


def renew(dossier: Dossier, regle: Calcul) -> None:
    """An assessment that renews a treatment is worth less."""
    for ligne in dossier.nommees({RENOUVELLEMENT}):
        parametre = dossier.valeur("orthophonie_renouvellement")
        ligne.taux_valeur = parametre.valeur
        dossier.applied(ligne, regle, f"{parametre.valeur} % de la valeur")
        dossier.used(ligne, parametre)


def check_class(dossier: Dossier, regle: Controle) -> None:
    """Sessions that no class tells how to count."""
    classes = _classes(dossier)
    for ligne in dossier.nommees({LETTRE}):
        if classes.of(ligne) is None:
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_duration(dossier: Dossier, regle: Controle) -> None:
    """A session lasts a least duration; one whose duration is not recorded is not judged."""
    for ligne, classe in _sessions(dossier):
        if dossier.seance.duree is None or not classe.duree:
            continue
        minimum = _valeur(dossier, ligne, classe.duree)
        if minimum is not None and dossier.seance.duree < minimum:
            dossier.find(regle, ligne, acte=ligne.libelle, duree=dossier.seance.duree, minimum=minimum)
        elif minimum is not None:
            dossier.applied(ligne, classe, f"{minimum} minutes au moins")


def check_renewed(dossier: Dossier, regle: Controle) -> None:
    """Past the first series, the request for an agreement is a new one: sent when that series came to its end."""
    for ligne, classe, serie in _series(dossier):
        premiere = _valeur(dossier, ligne, f"{classe.serie}_premiere")
        suivantes = _valeur(dossier, ligne, f"{classe.serie}_suivantes")
        maximum = _valeur(dossier, ligne, f"{classe.serie}_bilan")
        if premiere is None or suivantes is None or maximum is None:
            continue
        avance = _valeur(dossier, ligne, "orthophonie_renouvellement_avance")
        if avance is None or not premiere < serie.rang <= maximum:
            continue
        first = max(1, premiere - avance)
        if not _asked_again(ligne, serie, first):
            dossier.find(
                regle,
                ligne,
                acte=ligne.libelle,
                seances=serie.rang,
                premiere=premiere,
                suivantes=suivantes,
                depuis=f"{serie.seances[first - 1].date_soins:%d/%m/%Y}",
            )


def check_assessment_due(dossier: Dossier, regle: Controle) -> None:
    """Past the last session that an assessment covers, another one comes first. Also tells the rank of each session."""
    for ligne, classe, serie in _series(dossier):
        maximum = _valeur(dossier, ligne, f"{classe.serie}_bilan")
        if maximum is not None and serie.rang > maximum:
            dossier.find(regle, ligne, acte=ligne.libelle, seances=serie.rang, maximum=maximum)
        elif maximum is not None:
            since = f"depuis le bilan du {serie.bilan.date_soins:%d/%m/%Y}" if serie.bilan else "connue de fse"
            dossier.applied(ligne, classe, f"séance {serie.rang} {since}")


def check_first_request(dossier: Dossier, regle: Controle) -> None:
    """The sessions that follow a first assessment need an agreement, while the rule holds."""
    for ligne, _, serie in _first_sessions(dossier):
        if not serie.renouvellement and ligne.demande.accord is None:
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_request_after_renewal(dossier: Dossier, regle: Controle) -> None:
    """The sessions that follow an assessment of renewal need an agreement, unless a rule lifts the need."""
    for ligne, _, serie in _first_sessions(dossier):
        if not serie.renouvellement or ligne.demande.accord is not None:
            continue
        lifted = dossier.regle(SANS_ACCORD, Calcul)
        if lifted is None:
            dossier.find(regle, ligne, acte=ligne.libelle)
        else:
            dossier.applied(ligne, lifted, "sans demande")


def check_prescribed(dossier: Dossier, regle: Controle) -> None:
    """An assessment is what its prescription asks for; whether there is a prescription is for article 5."""
    ordonnance, classes = dossier.seance.ordonnance, _classes(dossier)
    for ligne in dossier.nommees({LETTRE}):
        classe = classes.of(ligne)
        if classe is not None and classe.bilan and ordonnance is not None and ordonnance.bilan is None:
            dossier.find(regle, ligne, acte=ligne.libelle, ordonnance=f"{ordonnance.date:%d/%m/%Y}")


def check_after_investigation(dossier: Dossier, regle: Controle) -> None:
    """After an assessment of investigation, the prescriber decides: sessions need a prescription of their own."""
    ordonnance = dossier.seance.ordonnance
    bilan = _classes(dossier).last_assessment(dossier.avant, dossier.seance.date_soins)
    if ordonnance is None or bilan is None or bilan.bilan != "investigation":
        return
    for ligne, _ in _sessions(dossier):
        if ordonnance.date < bilan.date_soins or ordonnance.bilan is not None:
            dossier.find(
                regle,
                ligne,
                acte=ligne.libelle,
                bilan=f"{bilan.date_soins:%d/%m/%Y}",
                ordonnance=f"{ordonnance.date:%d/%m/%Y}",
            )


def check_full_price(dossier: Dossier, regle: Controle) -> None:
    """An assessment in full though a treatment has come to where one of renewal is due."""
    classes, le = _classes(dossier), dossier.seance.date_soins
    for ligne in dossier.nommees({LETTRE}):
        classe = classes.of(ligne)
        if classe is None or not classe.bilan or RENOUVELLEMENT in ligne.etiquettes:
            continue
        for nom in sorted({one.serie for one in dossier.regles(Classe) if one.serie}):
            serie = classes.serie(dossier.avant, nom, le)
            maximum = _valeur(dossier, ligne, f"{nom}_bilan")
            if serie.bilan is not None and maximum is not None and len(serie.seances) >= maximum:
                dossier.find(
                    regle,
                    ligne,
                    acte=ligne.libelle,
                    seances=len(serie.seances),
                    bilan=f"{serie.bilan.date_soins:%d/%m/%Y}",
                )


def check_same_day(dossier: Dossier, regle: Controle) -> None:
    """A second act of a day, where no rule in force says when two are allowed."""
    two = dossier.regle(DEUX_SEANCES, Controle)
    if (two is None or not dossier.bareme.profil.permits(two)) and _same_day(dossier):
        for ligne in dossier.nommees({LETTRE}):
            dossier.find(regle, ligne, acte=ligne.libelle)


def check_two_sessions(dossier: Dossier, regle: Controle) -> None:
    """Two sessions of a day, no more, are at different times, for different acts."""
    others = _same_day(dossier)
    for ligne in dossier.nommees({LETTRE}):
        missing = [
            *(["il y en a déjà deux"] if len(others) > 1 else []),
            *(reason for other in others for reason in _not_apart(dossier.seance.heure, ligne, other)),
        ]
        if missing:
            dossier.find(regle, ligne, acte=ligne.libelle, manque=", ".join(dict.fromkeys(missing)))


def _not_apart(heure: str | None, ligne: Ligne, other: SoinPasse) -> Iterator[str]:
    """Why two acts of a day are not two sessions, in French. An act given by its code is known by its coefficient."""
    if heure is None or not other.heure:
        yield "l'heure de l'une des deux manque"
    elif heure == other.heure:
        yield f"l'autre est aussi à {heure}"
    named = {other.acte, ligne.acte.nom if ligne.acte else ""}
    if other.coefficient == ligne.coefficient and (len(named) == 1 or "" in named):
        yield "c'est le même acte"


def check_group(dossier: Dossier, regle: Controle) -> None:
    """A session in group is for two patients at least."""
    for ligne in dossier.nommees({GROUPE}):
        maximum = _valeur(dossier, ligne, "orthophonie_groupe_maximum")
        if maximum is not None and not 1 < dossier.seance.patients <= maximum:
            dossier.find(regle, ligne, acte=ligne.libelle, nombre=dossier.seance.patients, maximum=maximum)


def _classes(dossier: Dossier) -> Classes:
    return Classes(dossier.regles(Classe))


def _sessions(dossier: Dossier) -> Iterator[tuple[Ligne, Classe]]:
    """The sessions of speech therapy asked for whose class is known, assessments left out."""
    classes = _classes(dossier)
    for ligne in dossier.nommees({LETTRE}):
        classe = classes.of(ligne)
        if classe is not None and classe.serie:
            yield ligne, classe


def _series(dossier: Dossier) -> Iterator[tuple[Ligne, Classe, Serie]]:
    """Each session with what stands before it since the last assessment."""
    classes = _classes(dossier)
    for ligne, classe in _sessions(dossier):
        yield ligne, classe, classes.serie(dossier.avant, classe.serie, dossier.seance.date_soins)


def _first_sessions(dossier: Dossier) -> Iterator[tuple[Ligne, Classe, Serie]]:
    """The sessions of the first series since the last assessment."""
    for ligne, classe, serie in _series(dossier):
        premiere = _valeur(dossier, ligne, f"{classe.serie}_premiere")
        if premiere is not None and serie.rang <= premiere:
            yield ligne, classe, serie


def _asked_again(ligne: Ligne, serie: Serie, rang: int) -> bool:
    """Whether the request was sent once the session of this rank was done: before, it is that of the first series."""
    demande = ligne.demande.accord
    return demande is not None and demande.envoyee_le >= serie.seances[rang - 1].date_soins


def _same_day(dossier: Dossier) -> list[SoinPasse]:
    le = dossier.seance.date_soins
    return [one for one in dossier.historique.patient if one.code_acte == LETTRE and one.date_soins == le]


def _valeur(dossier: Dossier, ligne: Ligne, nom: str) -> int | None:
    """A parameter on the day of the session; `None`, and a finding, when it may not be used."""
    try:
        parametre = dossier.valeur(nom)
    except UsageError as error:
        dossier.unpriced(ligne.rang, error)
        return None
    return parametre.valeur


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    "orthophonie-classe-inconnue": check_class,
    "orthophonie-bilan-prescrit": check_prescribed,
    "orthophonie-apres-investigation": check_after_investigation,
    "orthophonie-bilan-plein-tarif": check_full_price,
    "orthophonie-un-acte-par-jour": check_same_day,
    DEUX_SEANCES: check_two_sessions,
    "orthophonie-groupe": check_group,
    "orthophonie-duree-minimale": check_duration,
    "orthophonie-serie-bilan": check_assessment_due,
    "orthophonie-serie-accord": check_renewed,
    "orthophonie-accord-initial": check_first_request,
    "orthophonie-accord-apres-renouvellement": check_request_after_renewal,
    "orthophonie-accord-apres-renouvellement-2026": check_request_after_renewal,
}
"""What is verified, by the name of the rule that says it, in this order."""
