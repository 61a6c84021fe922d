"""A year of a simulated practice and of its bank, drawn from a seed: what was meant is kept beside, to be compared.

Every fortnight sheets leave and the caisse answers: payments, rejects, a debt withheld, a debt greater than what is
paid. The bank brings the transfers as banks do: whole, in pieces, late, never, without labels, with the reference
alone; and other money. Its statements come by the day or by the week, in one format or the other, some twice, some
overlapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import read_scenario
from fse.app.operations.emettre import emettre
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow
from tests.app.bank.statements import Movement, Statement, camt, cfonb
from tests.app.cabinet import JOUR, document, facture, key_folder, prestation, signer

START = JOUR
OPENING = 250_000


@dataclass(frozen=True)
class Announced:
    """A transfer as its return prints it, by its own reading here; centimes."""

    jour: date
    labels: tuple[str, str]
    montant: int


@dataclass
class Meant:
    """What the bank did with each transfer, by its second label; and the other movements, by what they are."""

    fates: dict[str, str] = field(default_factory=dict)
    movements: dict[str, list[Movement]] = field(default_factory=dict)

    def add(self, kind: str, *movements: Movement) -> None:
        self.movements.setdefault(kind, []).extend(movements)


@dataclass
class Year:
    """Returns (bytes) with the day they come; statements (bytes) with theirs."""

    returns: list[tuple[date, bytes]] = field(default_factory=list)
    statements: list[tuple[date, bytes]] = field(default_factory=list)
    announced: list[Announced] = field(default_factory=list)
    meant: Meant = field(default_factory=Meant)
    closing: int = OPENING


SCENARIOS = (
    b"",
    b"",
    b'[[reponse]]\nnumero = %d\namo = { etat = "R" }\nrejets = [{ code = "0250", niveau = "F" }]\n',
    (
        b'[[fichier]]\nnom = "a"\nreponse = [{ numero = %d }]\n'
        b'mouvement = [{ reference = "IND1", nature = "IND", operation = "RPR", montant = 1000, solde = 0 }]\n'
    ),
    (
        b'[[fichier]]\nnom = "a"\nreponse = [{ numero = %d }]\n'
        b'mouvement = [{ reference = "IND2", nature = "IND", operation = "RPR", montant = 900000, solde = 0 }]\n'
    ),
)


def answers(practice: Practice, folder: Path, fortnights: int, chance: Random) -> Iterator[tuple[date, bytes]]:
    """The sheets of each fortnight, and what the caisse answers, with the day of the answer."""
    numero = 0
    anchor = (key_folder() / "ancre.pem").read_bytes()
    for fortnight in range(fortnights):
        jour = START + timedelta(14 * fortnight)
        sheets = [
            facture(f"Y-{fortnight}-{n}", patient=n % 4, lignes=(prestation(chance.choice((3000, 2650, 5000))),))
            for n in range(chance.randint(1, 3))
        ]
        securiser(practice, document(*sheets).replace(str(JOUR).encode(), str(jour).encode()), le=jour)
        (sent,) = emettre(practice, folder / f"{fortnight:02}", lambda *_: signer(), le=jour).fichiers
        signatures = {rank: path.read_bytes() for rank, path in enumerate(sent.signatures, start=1)}
        scenario = SCENARIOS[fortnight] if fortnight < len(SCENARIOS) else chance.choice(SCENARIOS[:4])
        text = scenario % (numero + 1) if b"%d" in scenario else scenario
        answered = jour + timedelta(3)
        for one in repondre(sent.chemin.read_bytes(), signatures, read_scenario(text), answered, [anchor]).fichiers:
            yield answered, one.contenu
        numero += len(sheets)


def transfers_of(content: bytes) -> Iterator[Announced]:
    """The transfers of a return, by its records."""
    current: tuple[date, tuple[str, str]] | None = None
    for item in read([content]):
        if isinstance(item, EntityRow) and item.type == "071":
            labels = (item.valeurs["libelle_virement_1"] or "", item.valeurs["libelle_virement_2"] or "")
            current = item.valeurs["date_comptable"], labels  # type: ignore[assignment]
        elif isinstance(item, EntityRow) and item.type == "990" and current:
            yield Announced(*current, item.valeurs["somme"])  # type: ignore[arg-type]


FATES = ("whole", "whole", "whole", "split", "reference", "bare", "lost", "late")


def bank(year: Year, chance: Random) -> list[Movement]:
    """The movements that the transfers make, and other money. Fates that matter come at least once."""
    forced = list(dict.fromkeys(FATES))
    for one in year.announced:
        if one.montant == 0:
            year.meant.fates[one.labels[1]] = "nothing"
            continue
        fate = forced.pop() if forced and one.montant > 0 else chance.choice(FATES) if one.montant > 0 else "whole"
        jour = one.jour + timedelta(chance.randint(0, 4))
        printed = (f"VIR SEPA {one.labels[0]}", one.labels[1])
        moved = {
            "whole": [Movement(jour, one.montant, printed)],
            "split": [Movement(jour, 700, printed), Movement(jour + timedelta(2), one.montant - 700, printed)],
            "reference": [Movement(jour, one.montant, (f"VIREMENT {one.labels[1]} RECU",))],
            "bare": [Movement(jour, one.montant, ("VIREMENT RECU",))],
            "lost": [],
            "late": [Movement(one.jour + timedelta(27), one.montant, printed)],
        }[fate]
        year.meant.fates[one.labels[1]] = fate
        year.meant.add("suggested" if fate == "bare" else "proof", *moved)
    last = max(one.jour for one in year.announced)
    for number in range(60):
        jour = START + timedelta(chance.randint(1, (last - START).days))
        amount = chance.choice((2650, 3000, -45_000, 11_000, -90))
        year.meant.add("other", Movement(jour, amount, (f"REMISE CB {number}", "M LEFEVRE ZOE")))
    for number in range(3):
        jour = year.announced[2 * number].jour + timedelta(1)
        year.meant.add("unexplained", Movement(jour, 123_400 + number, ("VIR SEPA CPAM 998", f"PRIME {number}")))
    year.meant.add("taken", Movement(last, -777, ("CPAM 998", "REPRISE")))
    return sorted(
        (one for held in year.meant.movements.values() for one in held), key=lambda one: (one.jour, one.montant)
    )


def statements(year: Year, movements: list[Movement], chance: Random) -> None:
    """Cut them in statements: by weeks or by days, both formats, some again in the other format, some overlapping."""
    balance, before = OPENING, START
    end = max(one.jour for one in movements) + timedelta(40)
    whole: list[Statement] = []
    while before < end:
        after = before + timedelta(chance.choice((1, 1, 7, 31)))
        held = tuple(one for one in movements if before < one.jour <= after)
        whole.append(Statement(before, after, balance, held))
        balance, before = whole[-1].cloture, after
    for one in whole:
        write = chance.choice((cfonb, camt))
        year.statements.append((one.apres + timedelta(1), write(one)))
        if chance.random() < 0.2:
            year.statements.append((one.apres + timedelta(9), cfonb(one, end="")))
    for _ in range(6):
        first = chance.randrange(len(whole) - 3)
        held = tuple(movement for part in whole[first : first + 3] for movement in part.mouvements)
        wide = Statement(whole[first].avant, whole[first + 2].apres, whole[first].ouverture, held)
        year.statements.append((wide.apres + timedelta(chance.randint(1, 40)), chance.choice((cfonb, camt))(wide)))
    year.closing = balance


def simulate(practice: Practice, folder: Path, seed: int, fortnights: int = 26) -> Year:
    """A year of this practice, which has sent all its sheets and received nothing."""
    chance = Random(seed)
    year = Year()
    for jour, content in answers(practice, folder, fortnights, chance):
        year.announced += transfers_of(content)
        # some returns come long after the money
        year.returns.append((jour + timedelta(chance.choice((1, 1, 2, 20))), content))
    statements(year, bank(year, chance), chance)
    return year
