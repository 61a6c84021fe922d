"""From one `Stmt` of camt.053 to the model: the account, the balances, the entries that are booked.

Amounts are decimal text: they are read exactly. The sign is that of `CdtDbtInd`, for a reversal too, where it says
which way the money goes. Source: ISO 20022 camt.053.001.02 to .13; element names are the standard's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from fse.base.identifiers import compte
from fse.norm.codec.camt.parsing import Statement
from fse.norm.codec.statements import EURO
from fse.norm.codec.xml.parsing import Element
from fse.norm.model.releve import MouvementBancaire, ReleveBancaire, Solde

_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)
_INTERIM = "ITBD"
"""Balances of the pages of a long statement: its first one opens, its last one closes, when nothing else does."""

_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,5}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_BOOKED = "BOOK"
_NOT_PROVIDED = "NOTPROVIDED"
_ENTRIES_MAX = 50_000
_LABEL_MAX = 600
"""Characters of one label; the standard stops at 500."""


class UnreadableStatementError(Exception):
    """What a statement cannot do without is not there, or does not read. `code` is that of the finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_statement(statement: Statement) -> tuple[ReleveBancaire, int]:
    """The statement, and how many of its entries are not booked: they are left out, the balances do not count them.

    Raises `UnreadableStatementError`.
    """
    reader = _Reader(statement.namespace)
    element = statement.element
    opening, closing = reader.balances(element)
    entries = list(element.iterfind(reader.name("Ntry")))
    if len(entries) > _ENTRIES_MAX:
        raise UnreadableStatementError("banque.illisible")
    booked = [one for one in entries if reader.status(one) == _BOOKED]
    account = reader.first(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
    releve = ReleveBancaire(
        compte=compte.reduce(account) or account,
        devise=reader.currency(element),
        identifiant=reader.first(element, "Id"),
        ouverture=opening,
        cloture=closing,
        mouvements=tuple(reader.movement(one, rang) for rang, one in enumerate(booked, start=1)),
    )
    return releve, len(entries) - len(booked)


class _Reader:
    """Reads the elements of one namespace."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def name(self, path: str) -> str:
        """A path of the standard as lxml takes it."""
        return "/".join(self._namespace + step for step in path.split("/"))

    def texts(self, element: Element, path: str) -> Iterator[str]:
        """The texts at a path, blanks reduced, those that say nothing left out."""
        for one in element.iterfind(self.name(path)):
            text = " ".join((one.text or "").split())[:_LABEL_MAX]
            if text:
                yield text

    def first(self, element: Element, *paths: str) -> str:
        """The first text at one of these paths, "" when there is none."""
        return next((text for path in paths for text in self.texts(element, path)), "")

    def status(self, entry: Element) -> str:
        """`BOOK` for what is booked: a text of `Sts`, or of its code since 001.08. An entry without one is booked."""
        return self.first(entry, "Sts", "Sts/Cd") or _BOOKED

    def currency(self, element: Element) -> str:
        """The currency of the account, its balances and its entries; when they differ, one that is not the euro."""
        stated = [self.first(element, "Acct/Ccy")]
        for path in ("Bal/Amt", "Ntry/Amt"):
            stated += [one.get("Ccy") or "" for one in element.iterfind(self.name(path))]
        return next((one for one in stated if one not in ("", EURO)), EURO)

    def balances(self, element: Element) -> tuple[Solde, Solde]:
        """The booked balances before and after."""
        found: dict[str, list[Element]] = {}
        for one in element.iterfind(self.name("Bal")):
            found.setdefault(self.first(one, "Tp/CdOrPrtry/Cd"), []).append(one)
        interim = found.get(_INTERIM, [])
        opening = next((found[code][0] for code in _OPENING if code in found), interim[0] if interim else None)
        closing = next((found[code][-1] for code in _CLOSING if code in found), interim[-1] if interim else None)
        if opening is None or closing is None:
            raise UnreadableStatementError("banque.soldes_absents")
        return Solde(self.day(opening, "Dt"), self.amount(opening)), Solde(
            self.day(closing, "Dt"), self.amount(closing)
        )

    def day(self, element: Element, path: str) -> date:
        """The civil day that an element writes, with its hour or without."""
        text = self.first(element, f"{path}/Dt", f"{path}/DtTm")[:10]
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise UnreadableStatementError("banque.illisible")

    def amount(self, element: Element) -> int:
        """Signed centimes of what an element states."""
        match = _AMOUNT.fullmatch(self.first(element, "Amt"))
        sign = _SIGNS.get(self.first(element, "CdtDbtInd"))
        cents = (match[2] or "").ljust(2, "0") if match else ""
        if match is None or sign is None or cents[2:].strip("0"):
            raise UnreadableStatementError("banque.illisible")
        return sign * int(match[1] + cents[:2])

    def movement(self, entry: Element, rang: int) -> MouvementBancaire:
        has_value = entry.find(self.name("ValDt")) is not None
        booked = "BookgDt" if entry.find(self.name("BookgDt")) is not None else "ValDt"
        return MouvementBancaire(
            rang=rang,
            octet=0,
            date_operation=self.day(entry, booked),
            date_valeur=self.day(entry, "ValDt") if has_value else None,
            montant=self.amount(entry),
            libelles=tuple(self._labels(entry)),
            reference=self.first(entry, "AcctSvcrRef", "NtryRef"),
        )

    def _labels(self, entry: Element) -> Iterator[str]:
        """All that names the payer and the payment, each text once. Who takes money back is the creditor."""
        told = [*self.texts(entry, "AddtlNtryInf")]
        for details in entry.iterfind(self.name("NtryDtls/TxDtls")):
            for path in (
                "RltdPties/Dbtr/Nm",
                "RltdPties/Dbtr/Pty/Nm",
                "RltdPties/UltmtDbtr/Nm",
                "RltdPties/UltmtDbtr/Pty/Nm",
                "RltdPties/Cdtr/Nm",
                "RltdPties/Cdtr/Pty/Nm",
                "RltdPties/UltmtCdtr/Nm",
                "RltdPties/UltmtCdtr/Pty/Nm",
                "RmtInf/Ustrd",
                "RmtInf/Strd/CdtrRefInf/Ref",
                "RmtInf/Strd/AddtlRmtInf",
                "Refs/EndToEndId",
                "Refs/InstrId",
                "Refs/PmtInfId",
                "Refs/TxId",
                "AddtlTxInf",
            ):
                told += self.texts(details, path)
        yield from dict.fromkeys(one for one in told if one != _NOT_PROVIDED)
