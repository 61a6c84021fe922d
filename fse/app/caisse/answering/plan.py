"""Who answers what: each part of each invoice to the files of the scenario that name it, else to the default ones.

A part that an answer names (`amo`, `amc`, a reject, a transfer of one part) is answered there. A part that it does not
name is paid as asked, if no answer before it, in the order of the scenario, named or answered that part; the answer of
a default file comes before those of the files. What nothing answers goes to the first transfer that takes the rest,
else to the default file of its B2 file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    """What is known of the answers to one invoice while they are shared out. `seen`: parts named or answered."""

    facture: FactureJugee
    default: ReponseVoulue | None
    seen: set[str] = field(default_factory=set)
    is_named: bool = False
    answered: bool = False

    @property
    def silent(self) -> bool:
        return self.default is not None and self.default.silence

    def parts_for(self, wanted: ReponseVoulue, part: str | None) -> set[str]:
        """The parts that one more answer answers; an unsound invoice is answered once, whatever is named."""
        said = set() if self.facture.motif else {part} if part else wanted.named_parts()
        parts = said | (({part} if part else _PARTS) - self.seen)
        self.seen |= parts
        self.is_named = True
        return parts

    def take_rest(self, part: str | None) -> set[str]:
        """The parts that nothing has named or answered; they are answered now."""
        parts = set() if self.silent else set({part} if part else _PARTS) - self.seen
        self.seen |= parts
        return parts


def share_out(envois: Sequence[Sequence[FactureJugee]], scenario: Scenario) -> Plan:
    """Every answer that these invoices get, by B2 file and by transfer.

    Raises `UsageError` (`scenario.facture`) when the scenario asks of an invoice what it cannot have, or does not say
    which one it means.
    """
    known: dict[_Cle, _Invoice] = {}
    for facture in (one for envoi in envois for one in envoi):
        known.setdefault(facture.cle, _Invoice(facture, scenario.find(facture.prestataire, facture.numero)))
    plan = Plan([], {}, [])
    wished = {cle: _wished(one) for cle, one in known.items()}
    _share_named(known, scenario, plan)
    _share_rest(known, scenario, plan)
    for cle, one in known.items():
        if one.default is None and scenario.reste:
            wished[cle] = one.take_rest(None)
    for envoi in envois:
        found = [
            (facture, answer_facture(facture, known[facture.cle].default, wished[facture.cle])) for facture in envoi
        ]
        plan.defauts.append([Asked(facture.payeur, answer) for facture, answer in found if answer is not None])
        plan.sans_reponse.append(
            [
                _silence(known[facture.cle], scenario)
                for facture, answer in found
                if answer is None and not known[facture.cle].answered
            ]
        )
    return plan


def _wished(one: _Invoice) -> set[str]:
    """The parts that the answer of a default file answers: an invoice sent twice is answered by both."""
    if one.default is None:
        return set()
    check_wanted(one.facture, one.default)
    parts = one.parts_for(one.default, None)
    return set() if one.silent else parts


def _share_named(known: Mapping[_Cle, _Invoice], scenario: Scenario, plan: Plan) -> None:
    for virement in _transfers(scenario):
        asked = plan.virements.setdefault(virement.lieu, [])
        for wanted in virement.reponses:
            if wanted.inventee is not None:
                facture = invented(wanted, [one.facture for one in known.values()])
                answer, payeur = answer_facture(facture, wanted, _PARTS), None
            elif (found := _chosen(known, wanted)) is not None:
                check_wanted(found.facture, wanted, virement.part)
                answer = answer_facture(found.facture, wanted, found.parts_for(wanted, virement.part))
                payeur = found.facture.payeur
                found.answered |= answer is not None
            else:
                continue
            if answer is not None:
                asked.append(Asked(payeur, answer))


def _share_rest(known: Mapping[_Cle, _Invoice], scenario: Scenario, plan: Plan) -> None:
    for virement in (one for one in _transfers(scenario) if one.reste):
        for one in known.values():
            answer = answer_facture(one.facture, None, one.take_rest(virement.part))
            if answer is not None:
                one.answered = True
                plan.virements[virement.lieu].append(Asked(one.facture.payeur, answer))


def _silence(one: _Invoice, scenario: Scenario) -> SansReponse:
    if not one.facture.demandes:
        raison = "rien n'est à régler au professionnel"
    elif one.silent:
        raison = "le scénario n'y répond pas"
    elif not one.is_named and not scenario.reste:
        raison = "le scénario ne la nomme pas"
    else:
        raison = "le scénario n'en rend aucune part"
    return SansReponse(prestataire=one.facture.prestataire, numero=one.facture.numero, raison=raison)


def _transfers(scenario: Scenario) -> Iterator[VirementVoulu]:
    return (virement for fichier in scenario.fichiers for virement in fichier.virements)


def _chosen(known: Mapping[_Cle, _Invoice], wanted: ReponseVoulue) -> _Invoice | None:
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
