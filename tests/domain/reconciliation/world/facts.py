"""What is known at a moment: the facts themselves, each once, whatever the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.domain.reconciliation.world.entities import Laid, lay
from tests.domain.reconciliation.world.values import (
    CABINET,
    DOC,
    NURSE,
    OTHER_CABINET,
    Act,
    Annulment,
    Attach,
    Entry,
    Explain,
    Facture,
    File,
    Force,
    Invoice,
    Mandate,
    Place,
    Range,
    Step,
    Takeover,
)


@dataclass
class Facts:
    """The cabinet has two prestataires, the other cabinet one of them too."""

    factures: dict[Invoice, Facture] = field(default_factory=dict)
    files: dict[tuple[str, str], Laid] = field(default_factory=dict)
    posed: dict[tuple[str, int], Act] = field(default_factory=dict)
    annulled: set[tuple[str, int]] = field(default_factory=set)
    mandates: set[tuple[str, str, str]] = field(default_factory=set)
    takeovers: dict[tuple[str, str], int] = field(default_factory=dict)
    ranges: dict[tuple[str, str], tuple[int, int]] = field(
        default_factory=lambda: {(CABINET, DOC): (0, 0), (CABINET, NURSE): (0, 0), (OTHER_CABINET, DOC): (0, 0)}
    )

    def add(self, step: Step) -> None:
        """Know one more thing; an invoice known already is known as it is now."""
        match step:
            case Facture():
                self.factures[step.key] = step
            case File():
                self.files.setdefault((step.cabinet, step.fichier), lay(step))
            case Annulment():
                self.annulled.add((step.cabinet, step.acte))
            case Mandate():
                self.mandates.add((step.cabinet, step.beneficiaire, step.prestataire))
            case Takeover():
                self.takeovers[step.cabinet, step.prestataire] = step.dernier_numero
            case Range():
                self.ranges[step.cabinet, step.prestataire] = (step.premier, step.dernier)
            case _:
                self.posed[step.cabinet, step.acte] = step

    @property
    def acts(self) -> Iterator[Act]:
        """Those that nothing annuls."""
        return (act for key, act in self.posed.items() if key not in self.annulled)

    @property
    def attached(self) -> dict[Place, Attach]:
        return {(one.cabinet, one.fichier, one.rang): one for one in self.acts if isinstance(one, Attach)}

    @property
    def forced(self) -> dict[tuple[str, str, int, str], Force]:
        acts = (one for one in self.acts if isinstance(one, Force))
        return {(one.cabinet, one.prestataire, one.numero, one.partie): one for one in acts}

    @property
    def entered(self) -> list[Entry]:
        return [one for one in self.acts if isinstance(one, Entry)]

    @property
    def explained(self) -> dict[tuple[str, str, str], Explain]:
        acts = (one for one in self.acts if isinstance(one, Explain))
        return {(one.cabinet, one.prestataire, one.reference): one for one in acts}

    def chain(self, facture: Facture) -> list[Facture]:
        """The invoices of its chain of corrections, from the first: itself alone when there is none."""
        mine = {one.numero: one for one in self.factures.values() if one.key[:2] == facture.key[:2]}
        found = [facture]
        while found[0].remplace in mine and mine[found[0].remplace] not in found:
            found.insert(0, mine[found[0].remplace])
        while after := [one for one in mine.values() if one.remplace == found[-1].numero and one not in found]:
            found.append(after[0])
        return found

    def root(self, facture: Facture) -> int:
        """The number of the first invoice of its chain of corrections, 0 when it is in none."""
        chain = self.chain(facture)
        return chain[0].numero if len(chain) > 1 else 0

    def successor(self, facture: Facture) -> int:
        """The number of the last live invoice that corrects this one, directly or not, 0 for none."""
        chain = self.chain(facture)
        after = chain[chain.index(facture) + 1 :]
        return max((one.numero for one in after if not one.annulee), default=0)
