"""The templates of every page and PDF, and how they are filled (extra `pdf`).

A page extends `base.html` and takes `style.css`. What is not given is an error, what is given is escaped. Numbers are
formatted by filters only, so that an amount, a date or a NIR looks the same everywhere.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from fse.base.dates import parse_aammjj
from fse.base.french import counted
from fse.base.money import format_euros
from fse.base.resources import require

EXTRA = "pdf"
"""The extra that pages need."""

_NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
_ENDINGS = (".html", ".css")
_ACCIDENT_WITHOUT_NUMBER = "000"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_COMMAND = re.compile(
    r"fse (?:(?:piece|obligation) )?[a-z]+(?:-[a-z]+)*"
    r"(?: (?:--etat [a-z_]+|--[a-z-]+|[A-Z]{2,}|[0-9a-f]{8}(?::\d+)?|\d+|[a-z]+(?:-[a-z]+)+|…))*"
)


def fill(template: str, **values: object) -> str:
    """The text of a template (`duplicata/brouillon.html`) filled with these values.

    Raises `UsageError` (`installation.extra_absent`).
    """
    return str(_environment().get_template(template).render(**values))


@cache
def _environment() -> Any:
    jinja2 = require("jinja2", extra=EXTRA)
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "euros": format_euros,
        "montant": montant,
        "jour": "{:%d/%m/%Y}".format,
        "jour_court": jour_court,
        "jour_long": jour_long,
        "heure": "{:%H:%M}".format,
        "compte": counted,
        "commandes": commandes,
        "naissance": naissance,
        "nir": nir,
        "accident": accident,
        "coefficient": coefficient,
    }
    return environment


def _text(template: str) -> str | None:
    node = files(__name__)
    for part in template.split("/"):
        node = node / part
    return node.read_text(encoding="utf-8") if template.endswith(_ENDINGS) and node.is_file() else None


def montant(centimes: int) -> str:
    """An amount without its currency, for a column that says it.

    >>> montant(123450).replace(_NARROW_SPACE, "_")
    '1_234,50'
    """
    return format_euros(centimes).removesuffix(f"{_NARROW_SPACE}€")


def jour_court(day: date, le: date) -> str:
    """A day told on a page of the day `le`: its year too when it is another.

    >>> jour_court(date(2026, 11, 24), date(2026, 12, 5)), jour_court(date(2026, 11, 24), date(2027, 12, 5))
    ('24/11', '24/11/2026')
    """
    return f"{day:%d/%m}" if day.year == le.year else f"{day:%d/%m/%Y}"


def jour_long(day: date) -> str:
    """A day in full.

    >>> jour_long(date(2026, 12, 1)), jour_long(date(2026, 11, 20))
    ('mardi 1er décembre 2026', 'vendredi 20 novembre 2026')
    """
    number = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]} {day.year}"


def commandes(text: str) -> Any:
    """A sentence whose commands stand out; the rest is escaped.

    >>> str(commandes("Écrire : fse relancer --sortie DOSSIER, puis <voir>."))
    'Écrire : <code>fse relancer --sortie DOSSIER</code>, puis &lt;voir&gt;.'
    >>> str(commandes("Puis fse piece papier 3, ou fse obligation faite NUMERO note-de-fin enfin"))
    'Puis <code>fse piece papier 3</code>, ou <code>fse obligation faite NUMERO note-de-fin</code> enfin'
    """
    markup = require("markupsafe", extra=EXTRA)
    parts, end = [], 0
    for found in _COMMAND.finditer(text):
        parts += [markup.escape(text[end : found.start()]), markup.Markup("<code>%s</code>") % found.group()]
        end = found.end()
    return markup.Markup("").join([*parts, markup.escape(text[end:])])


def nir(text: str) -> str:
    """A NIR of 13 characters in its groups: sex, year, month, département, commune, order.

    >>> nir("1850975056000").replace(_NARROW_SPACE, "_")
    '1_85_09_75_056_000'
    """
    return _NARROW_SPACE.join((text[:1], text[1:3], text[3:5], text[5:7], text[7:10], text[10:]))


def naissance(aammjj: str) -> str:
    """A birth date as the card gives it, day first; its month may be above 12, its century is not known.

    >>> naissance("850912")
    '12/09/85'
    """
    return f"{aammjj[4:]}/{aammjj[2:4]}/{aammjj[:2]}"


def accident(numero: str) -> str:
    """What names an accident: its number, or its date when it has none (`fse.base.identifiers.accident`).

    >>> accident("180831751"), accident("000180831")
    ('n° 180831751', 'du 31/08/2018')
    """
    if not numero.startswith(_ACCIDENT_WITHOUT_NUMBER):
        return f"n° {numero}"
    return f"du {parse_aammjj(numero[3:]):%d/%m/%Y}"


def coefficient(value: Decimal) -> str:
    """A coefficient without useless zeros.

    >>> coefficient(Decimal("4.00")), coefficient(Decimal("1.50")), coefficient(Decimal("15.25"))
    ('4', '1,5', '15,25')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
