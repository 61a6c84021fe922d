"""Matching and states said a second time, in plain Python over values: no SQL, no incremental step, no stored row.

Written from the decisions (7, 8, 12, 13, 14), not from the `.sql`; tests hold both equal on random worlds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tests.domain.reconciliation.world.entities import Laid, older_acts
from tests.domain.reconciliation.world.facts import Facts
from tests.domain.reconciliation.world.values import KNOWN, Block, Facture, Invoice, Line, Part, Place, Transfer

RAW = {raw: number for number in KNOWN for raw in (number, number.zfill(14))}
PARTS = ("AMO", "AMC")


@dataclass(frozen=True)
class Answer:
    """One return line: where it stands, whom it names, on what day, and its parts as they are told."""

    place: Place
    virement: int
    jour: int
    prestataire: str
    numero: int
    lot: tuple[int, int]
    parts: dict[str, Part]
    rangs: dict[str, int]
    line: Line

    @property
    def block(self) -> Block:
        cabinet, fichier, _ = self.place
        return cabinet, self.numero, "" if self.numero else fichier

    @property
    def paye(self) -> int:
        return sum(part.paye or 0 for part in self.parts.values())


@dataclass(frozen=True)
class Match:
    """The invoice of a line, and the policy that found it."""

    prestataire: str
    numero: int
    politique: str


@dataclass(frozen=True)
class PartState:
    """One row of etat_part but its key."""

    demande: int
    paye: int
    saisi: int
    retours: int
    etat: str
    dernier: str
    derniere_le: int
    acte: int


def name_of(laid: Laid, transfer: Transfer | None) -> str:
    """The prestataire: the first identifier that is given; '' when it does not read (noemie.md, 1.3 bis)."""
    raw = (transfer.lieu if transfer else None) or laid.file.beneficiaire or laid.file.destinataire
    return RAW.get(raw or "", "")


def day_of(laid: Laid, transfer: Transfer) -> int:
    return transfer.jour or laid.file.cree_le or 0


def told_parts(laid: Laid, line: Line) -> dict[str, Part]:
    """The parts of a line; in the older generation, what its acts and its rejects make of them."""
    if laid.file.generation == 580:
        return {partie: part for partie, part in zip(PARTS, (line.amo, line.amc), strict=True) if part}
    acts = list(older_acts(line))
    state = "P" if acts else "R" if line.rejets else None
    parts = {"AMO": Part(state, None, sum(amo for amo, _ in acts))}
    if any(amc for _, amc in acts):
        parts["AMC"] = Part("P", None, sum(amc for _, amc in acts))
    return parts


def answers(facts: Facts) -> Iterator[Answer]:
    """Every return line."""
    for laid in facts.files.values():
        for order, transfer in enumerate(laid.file.virements):
            named = name_of(laid, transfer) if laid.file.generation == 580 else name_of(laid, None)
            for number, line in enumerate(transfer.lignes):
                rang = laid.lignes[order, number]
                yield Answer(
                    place=(laid.file.cabinet, laid.file.fichier, rang),
                    virement=laid.virements[order],
                    jour=day_of(laid, transfer),
                    prestataire=named,
                    numero=line.numero or 0,
                    lot=(line.lot[0] or 0, line.lot[1] or 0),
                    parts=told_parts(laid, line),
                    rangs={partie: laid.parts.get((order, number, partie), rang) for partie in PARTS},
                    line=line,
                )


class Reference:
    """What follows from some facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.answers = list(answers(facts))

    @cached_property
    def matches(self) -> dict[Place, Match]:
        found = {answer.place: self._match(answer) for answer in self.answers}
        return {place: match for place, match in found.items() if match}

    @cached_property
    def residues(self) -> dict[Place, str]:
        return {one.place: self._residue(one) for one in self.answers if one.place not in self.matches}

    def of(self, invoice: Invoice) -> list[Answer]:
        """The lines matched with an invoice."""
        return self._matched.get(invoice, [])

    @cached_property
    def _matched(self) -> dict[Invoice, list[Answer]]:
        found: dict[Invoice, list[Answer]] = {}
        for answer in self.answers:
            match = self.matches.get(answer.place)
            if match:
                found.setdefault((answer.place[0], match.prestataire, match.numero), []).append(answer)
        return found

    # --- matching

    def _match(self, answer: Answer) -> Match | None:
        by_hand = self.facts.attached.get(answer.place)
        if by_hand:
            return Match(by_hand.prestataire, by_hand.numero, "manuelle")
        if not answer.numero or not answer.prestataire:
            return None
        candidates = [(one, policy) for one, policy in self._candidates(answer) if policy]
        for wanted in _orders(answer):
            here = [(one, policy) for one, policy in candidates if (policy, one.lot == answer.lot) in wanted]
            if here:
                [(one, policy), *others] = here
                return None if others else Match(one.prestataire, one.numero, policy)
        return None

    def _candidates(self, answer: Answer) -> Iterator[tuple[Facture, str]]:
        """The invoices of this number that left, and why each may be the one."""
        cabinet = answer.place[0]
        for one in self.facts.factures.values():
            if (one.cabinet, one.numero) != (cabinet, answer.numero) or one.annulee or not one.left:
                continue
            if one.prestataire == answer.prestataire:
                yield one, "exacte" if answer.lot[0] and one.lot == answer.lot else "numero_unique"
            elif answer.lot[0] and one.lot != answer.lot:
                continue
            elif one.remplacant == answer.prestataire:
                yield one, "remplacant"
            elif (cabinet, answer.prestataire, one.prestataire) in self.facts.mandates:
                yield one, "mandataire"

    # --- residues

    def _residue(self, answer: Answer) -> str:
        if not answer.prestataire:
            return "prestataire_illisible"
        cabinet = answer.place[0]
        who = (cabinet, answer.prestataire)
        payees = {(cabinet_, payee) for cabinet_, payee, _ in self.facts.mandates}
        ours = who in self.facts.ranges or who in payees
        if not answer.numero:
            return "numero_illisible" if ours else "autre_prestataire"
        own = self.facts.factures.get((*who, answer.numero))
        if own and own.annulee:
            return "facture_annulee"
        if own and not own.left:
            return "facture_non_emise"
        if any(policy for _, policy in self._candidates(answer)):
            return "ambigue"
        if answer.numero <= self.facts.takeovers.get(who, 0):
            return "anterieur_a_la_reprise"
        first, last = self.facts.ranges.get(who, (0, 0))
        if last and not first <= answer.numero <= last:
            return "autre_poste"
        return "facture_inconnue" if ours else "autre_prestataire"

    # --- states

    @cached_property
    def parts(self) -> dict[tuple[str, str, int, str], PartState]:
        invoices = self.facts.factures.values()
        return {(*one.key, partie): self._part(one, partie) for one in invoices for partie in PARTS}

    def _part(self, facture: Facture, partie: str) -> PartState:
        attend = not facture.annulee and bool(facture.attend_amo if partie == "AMO" else facture.attend_amc)
        demande = (facture.amo if partie == "AMO" else facture.amc) if attend else 0
        told = [
            (one.jour, self._made(one), one.place[1], one.rangs[partie], one.parts[partie])
            for one in self.of(facture.key)
            if partie in one.parts
        ]
        entered = [
            one
            for one in self.facts.entered
            if (one.cabinet, one.prestataire, one.numero, one.partie) == (*facture.key, partie)
        ]
        told += [(one.jour, one.jour, "", one.acte, Part(one.etat, None, one.montant)) for one in entered]
        told.sort(key=lambda one: one[:4])
        heard = [one for one in told if one[4].etat or one[4].paye]
        paye = sum(part.paye or 0 for *_, part in told)
        last = [part.etat for *_, part in heard if part.etat and (part.etat != "P" or (part.paye or 0) >= 0)][-1:]
        forced = self.facts.forced.get((*facture.key, partie))
        if forced and forced.retours != len(heard):
            forced = None
        corrected = bool(self.facts.successor(facture))
        life = _life(attend, demande, paye, last, bool(heard), corrected)
        holds = forced and not (forced.etat == "rejetee" and corrected)
        return PartState(
            demande=demande,
            paye=paye,
            saisi=sum(one.montant for one in entered),
            retours=len(heard),
            etat=forced.etat if forced and holds else life,
            dernier=last[0] or "" if last else "",
            derniere_le=max((one[0] for one in heard), default=0),
            acte=forced.acte if forced else 0,
        )

    def _made(self, answer: Answer) -> int:
        """The day of the file of a line."""
        return self.facts.files[answer.place[:2]].file.cree_le or 0

    @cached_property
    def invoices(self) -> dict[Invoice, tuple[str, int, int]]:
        """(state, live invoice that corrects it in the end, first of its chain: 0 when in none) of each invoice."""
        return {
            key: (self._whole(one), self.facts.successor(one), self.facts.root(one))
            for key, one in self.facts.factures.items()
        }

    def _whole(self, facture: Facture) -> str:
        parts = {self.parts[*facture.key, partie].etat for partie in PARTS}
        if facture.annulee:
            return "annulee"
        if not facture.left:
            return "a_emettre"
        if parts & {"rejetee", "payee_moins", "payee_plus"}:
            return "a_traiter"
        unanswered = parts <= {"attendue", "sans_objet"} and facture.accuse not in ("positif", "papier")
        if unanswered and not facture.en_route and not self.facts.successor(facture):
            return "a_reemettre"
        if parts & {"attendue", "differee"}:
            return "en_cours"
        if "remplacee" in parts:
            return "corrigee"
        if "abandonnee" in parts:
            return "abandonnee"
        if parts != {"sans_objet"}:
            return "soldee"
        return {
            "": "aucun_retour_attendu",
            "attendu": "a_acquitter",
            "positif": "acquittee",
            "negatif": "refusee",
            "papier": "sur_papier",
        }[facture.accuse]

    @cached_property
    def gaps(self) -> dict[tuple[str, str, int, str], tuple[int, int]]:
        """(asked by us, asked as the return says) where they differ, by the rank of the part."""
        found = {}
        for invoice, lines in self._matched.items():
            facture = self.facts.factures.get(invoice)
            for answer in lines if facture else []:
                for partie, part in answer.parts.items():
                    ours, expected = _asked(facture, partie)
                    said = part.demande
                    if part.etat and said is not None and said != ours and (said or expected):
                        found[*answer.place[:2], answer.rangs[partie], partie] = (ours, said)
        return found


def _asked(facture: Facture, partie: str) -> tuple[int, bool]:
    """What the invoice says that this payer owes, and whether it is expected to pay it."""
    if partie == "AMO":
        return facture.amo, bool(facture.attend_amo) and not facture.annulee
    return facture.amc, bool(facture.attend_amc) and not facture.annulee


def _orders(answer: Answer) -> tuple[set[tuple[str, bool]], ...]:
    """Which (policy, same lot) are tried together: what agrees on the lot before what does not.

    A line without a lot agrees with every invoice of its number that it may mean: several of them are ambiguous.
    """
    if answer.lot[0]:
        return {("exacte", True)}, {("remplacant", True)}, {("mandataire", True)}, {("numero_unique", False)}
    return ({(policy, same) for policy in ("numero_unique", "remplacant", "mandataire") for same in (True, False)},)


def _life(attend: bool, demande: int, paye: int, last: list[str | None], heard: bool, corrected: bool) -> str:
    """The state of a part that nobody forced."""
    unpaid = {"D": "differee", "R": "rejetee"}.get(last[0] or "") if last and not paye else None
    if last == ["D"] and (not paye or paye < demande):
        return "differee"
    if corrected and (paye < demande or unpaid):
        return "remplacee"
    if attend and not heard:
        return "attendue"
    if unpaid:
        return unpaid
    if not attend and not paye:
        return "sans_objet"
    return "payee_moins" if paye < demande else "payee_plus" if paye > demande else "payee"
