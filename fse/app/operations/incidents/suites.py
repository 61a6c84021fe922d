"""What was done about a failure since, in French: the next attempts of a file, what was decided of a lot, papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from fse.app.operations.incidents.concernes import Concerned
from fse.base.dates import from_days, to_days
from fse.base.french import counted
from fse.infra.journal import Reading
from fse.infra.journal.facts.exchanges import duplicatas, envois, relances
from fse.infra.journal.facts.exchanges.envois import EnvoiRow
from fse.infra.journal.facts.fichiers_emis import name_of
from fse.infra.journal.facts.lots import LotKey
from fse.infra.journal.schema.fact_tables import lot as lot_table

NOTHING = "Rien encore."


class Suites:
    """Tells what followed, from the facts known when the log is made."""

    def __init__(self, reading: Reading, concerned: Concerned) -> None:
        self._reading = reading
        self._concerned = concerned

    def of_attempt(self, one: EnvoiRow) -> str:
        """After a failed attempt: when the file left, or how often it was tried since."""
        later = [
            other
            for other in envois.attempts(self._reading, one.emetteur, one.identifiant)
            if other.tentative > one.tentative
        ]
        taken = next((other for other in later if other.resultat == "accepte"), None)
        if taken is not None:
            return f"Parti le {from_days(taken.jour):%d/%m/%Y}, à l'essai n° {taken.tentative}."
        tried = [other for other in later if other.resultat != "non_remis"]
        if tried:
            return f"{counted(len(tried), 'autre essai')}, le dernier le {from_days(tried[-1].jour):%d/%m/%Y}."
        return (
            " ".join(
                dict.fromkeys(
                    told
                    for lot in self._concerned.lots_of_file(one.emetteur, one.identifiant)
                    if (told := self._papers(lot, from_days(one.jour)))
                )
            )
            or NOTHING
        )

    def of_outage(self, tried: Sequence[EnvoiRow]) -> str:
        """After an outage: what followed of each file that it kept here, by its name when they are several."""
        told = {name_of(one.emetteur, one.identifiant): self.of_attempt(one) for one in tried}
        if len(set(told.values())) > 1:
            return " ".join(f"{name} : {said}" for name, said in told.items())
        return next(iter(told.values()), "")

    def of_file(self, fichier: str) -> str:
        """After a resend was decided: when its file left."""
        day = self._concerned.left.get(fichier)
        return f"Parti le {day:%d/%m/%Y}." if day else "Pas encore parti."

    def of_relot(self, lot: LotKey) -> str:
        """After the invoices of a lot were freed: the lots that replaced it."""
        here = lot_table.c
        query = select(here.numero_lot, here.date_lot).where(
            here.cabinet == self._reading.cabinet,
            here.prestataire == lot.prestataire,
            here.ancien_numero_lot == lot.numero_lot,
            here.ancienne_date_lot == lot.date_lot,
        )
        found = self._reading.connection.execute(query.order_by(here.date_lot, here.numero_lot)).all()
        return " ".join(f"Lot {numero:03d} du {from_days(day):%d/%m/%Y}." for numero, day in found) or NOTHING

    def of_lot(self, lot: LotKey, jour: date) -> str:
        """After a lot failed on a day: what was decided of it, the papers made, the acknowledgement that came late."""
        told = []
        for one in relances.decisions(self._reading, lot):
            if one.decidee_le < to_days(jour):
                continue
            day = f"{from_days(one.decidee_le):%d/%m/%Y}"
            if one.genre == "renvoi":
                told.append(f"Renvoi décidé le {day}, fichier {one.fichier}.")
            else:
                told.append(f"Nouveau lot décidé le {day}.")
        told += [
            f"Accusé positif reçu le {from_days(one.recu_le):%d/%m/%Y}."
            for one in self._concerned.accuses.get(lot, ())
            if one.recu_le >= to_days(jour) and one.sens == "P"
        ]
        answered = self._concerned.answered.get(lot)
        if answered is not None and answered >= jour:
            told.append(f"L'organisme a répondu le {answered:%d/%m/%Y}.")
        papers = self._papers(lot, jour)
        return " ".join([*told, papers] if papers else told) or NOTHING

    def _papers(self, lot: LotKey, jour: date) -> str:
        made = [
            (one.edite_le, numero)
            for numero in self._concerned.invoices([lot])
            for one in duplicatas.of_invoice(self._reading, lot.prestataire, numero)
            if (one.numero_lot, one.date_lot) == (lot.numero_lot, lot.date_lot) and one.edite_le >= to_days(jour)
        ]
        if not made:
            return ""
        numeros = ", ".join(f"{numero:09d}" for _, numero in sorted(made))
        return f"Duplicata le {from_days(max(made)[0]):%d/%m/%Y} : {numeros}."
