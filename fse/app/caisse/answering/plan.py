"""Who answers what: each part of each invoice to the files of the scenario that name it, else to the default ones.

A part that an answer names (`amo`, `amc`, a reject, a transfer of one part) is answered wherever it is named. A part
that none names is paid as asked, once: by the answer of the default file if there is one, else by the first file that
names the invoice, else by the first that takes the rest, else by the default file of its B2 file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fse.app.caisse.answering.invented import invented
from fse.app.caisse.answering.invoice import Reponse102, answer_facture, check_wanted
from fse.app.caisse.facture import FactureJugee, Payeur
from fse.app.caisse.scenario import ReponseVoulue, Scenario, VirementVoulu
from fse.app.caisse.scenario.values import error

_PARTS = frozenset({"AMO", "AMC"})
_Cle = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SansReponse:
    """An invoice of an answered lot that is in no return, and why (French)."""

    prestataire: str
    numero: int
    raison: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Parts of an invoice that one transfer answers. `payeur` is `None` for an invoice of no lot."""

    payeur: Payeur | None
    answer: Reponse102


@dataclass(slots=True)
class Plan:
    """The answers of the default file of each B2 file, and of each transfer of the scenario, by its place there."""

    defauts: list[list[Asked]]
    virements: dict[str, list[Asked]]
    sans_reponse: list[list[SansReponse]]


@dataclass(slots=True)
class _Invoice:
    """What is known of the answers to one invoice while they are shared out."""

    facture: FactureJugee
    default: ReponseVoulue | None
    named: set[str] = field(default_factory=set)
    in_files: list[tuple[VirementVoulu, ReponseVoulue]] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    answered: bool = False

    @property
    def silent(self) -> bool:
        return self.default is not None and self.default.silence

    def left(self) -> set[str]:
        """The parts that nothing names and nobody answers yet."""
        return set() if self.silent else set(self.facture.demandes) - self.named - self.given


def share_out(envois: Sequence[Sequence[FactureJugee]], scenario: Scenario) -> Plan:
    """Every answer that these invoices get, by B2 file and by transfer.

    Raises `UsageError` (`scenario.facture`) when the scenario asks of an invoice what it cannot have, or does not say
    which one it means.
    """
    known: dict[_Cle, _Invoice] = {}
    for facture in (one for envoi in envois for one in envoi):
        known.setdefault(facture.cle, _Invoice(facture, scenario.find(facture.prestataire, facture.numero)))
    plan = Plan([], {}, [])
    _name(known, scenario)
    _share_named(known, scenario, plan)
    _share_rest(known, scenario, plan)
    for envoi in envois:
        answers, silences = [], []
        for facture in envoi:
            one = known[facture.cle]
            found = _default(one, facture, scenario)
            if found is not None:
                answers.append(Asked(facture.payeur, found))
            elif not one.answered:
                silences.append(_silence(one, scenario))
        plan.defauts.append(answers)
        plan.sans_reponse.append(silences)
    return plan


def _name(known: dict[_Cle, _Invoice], scenario: Scenario) -> None:
    """Which parts of which invoice are named, and where."""
    for one in known.values():
        if one.default is not None:
            check_wanted(one.facture, one.default)
            one.named |= one.default.named_parts()
    for virement, wanted in _in_files(scenario):
        found = _chosen(known, wanted)
        if found is None:
            continue
        check_wanted(found.facture, wanted, virement.part)
        found.in_files.append((virement, wanted))
        found.named |= {virement.part} if virement.part else wanted.named_parts()
    for one in known.values():
        if one.facture.motif:
            one.named = set()


def _share_named(known: dict[_Cle, _Invoice], scenario: Scenario, plan: Plan) -> None:
    for virement, wanted in _in_files(scenario):
        asked = plan.virements.setdefault(virement.lieu, [])
        if wanted.inventee is not None:
            facture = invented(wanted, [one.facture for one in known.values()])
            answer, payeur = answer_facture(facture, wanted, _PARTS), None
        else:
            found = _chosen(known, wanted)
            if found is None:
                continue
            answer, payeur = _in_file(found, virement, wanted), found.facture.payeur
        if answer is not None:
            asked.append(Asked(payeur, answer))


def _in_file(one: _Invoice, virement: VirementVoulu, wanted: ReponseVoulue) -> Reponse102 | None:
    parts = one.named & ({virement.part} if virement.part else wanted.named_parts())
    if one.default is None:
        parts |= one.left() & ({virement.part} if virement.part else _PARTS)
    one.given |= parts - one.named
    found = answer_facture(one.facture, wanted, parts)
    one.answered |= found is not None
    return found


def _share_rest(known: dict[_Cle, _Invoice], scenario: Scenario, plan: Plan) -> None:
    for virement in (one for fichier in scenario.fichiers for one in fichier.virements):
        asked = plan.virements.setdefault(virement.lieu, [])
        for one in known.values() if virement.reste else ():
            parts = one.left() & ({virement.part} if virement.part else _PARTS)
            answer = answer_facture(one.facture, None, parts) if one.default is None else None
            if answer is not None:
                one.given |= parts
                one.answered = True
                asked.append(Asked(one.facture.payeur, answer))


def _default(one: _Invoice, facture: FactureJugee, scenario: Scenario) -> Reponse102 | None:
    """What the default file of its B2 file answers; the same invoice sent twice is answered by both."""
    if one.silent or (one.default is None and not scenario.reste):
        return None
    parts = one.left() | (one.default.named_parts() if one.default else set())
    return answer_facture(facture, one.default, parts)


def _silence(one: _Invoice, scenario: Scenario) -> SansReponse:
    if not one.facture.demandes:
        raison = "rien n'est à régler au professionnel"
    elif one.silent:
        raison = "le scénario n'y répond pas"
    elif one.default is None and not one.in_files and not scenario.reste:
        raison = "le scénario ne la nomme pas"
    else:
        raison = "le scénario n'en rend aucune part"
    return SansReponse(prestataire=one.facture.prestataire, numero=one.facture.numero, raison=raison)


def _in_files(scenario: Scenario) -> Iterator[tuple[VirementVoulu, ReponseVoulue]]:
    for fichier in scenario.fichiers:
        for virement in fichier.virements:
            for wanted in virement.reponses:
                yield virement, wanted


def _chosen(known: dict[_Cle, _Invoice], wanted: ReponseVoulue) -> _Invoice | None:
    """The invoice that an answer of a file means; `None` when no lot that is answered holds it."""
    found = [
        one
        for one in known.values()
        if wanted.chooses(one.facture.prestataire, one.facture.numero)
        and wanted.lot in (None, one.facture.reponse.numero_lot)
    ]
    if len(found) > 1:
        places = ", ".join(f"{one.facture.prestataire} lot {one.facture.reponse.numero_lot}" for one in found)
        reason = f"La facture {wanted.numero} est plusieurs fois dans les lots ({places}) : dire laquelle."
        raise error("scenario.facture", reason, wanted.lieu)
    return found[0] if found else None
