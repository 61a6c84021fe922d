"""Files assembled at random from the layouts of any edition: valid records in a valid order, then what goes wrong.

Everything comes from a seeded generator, so that a failure is found again by its seed. Values are random texts of the
right kind, extremes included; nothing here is anybody's data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random

from fse.norm.layout import Edition, Field, FileStart, Layout, frame, load_edition, read

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LABEL = _CAPITALS + "0123456789 .-'/@" + "éÀç\xa0\xff"
_FIRST_DAY = date(1980, 1, 1)
_DAYS = 36525
_MOST_RECORDS = 120


def text_of(field: Field, random: Random) -> str:
    """A text that this field reads without a finding."""
    width = field.longueur
    if field.constante is not None:
        return field.constante
    if field.is_filler:
        return " " * width
    if field.genre == "date":
        return _day(field, random)
    if field.genre == "signe":
        return "P"
    if field.genre in ("chiffres", "entier", "montant", "decimal"):
        return _digits(field, random)
    if field.cadrage == "droite":
        word = "".join(random.choices(_CAPITALS, k=random.randint(1, width)))
        return ("" if field.presence == "F" and random.random() < 0.3 else word).rjust(width, "0")
    if field.presence == "F" and random.random() < 0.4:
        return " " * width
    alphabet = _LABEL if field.genre == "texte" and random.random() < 0.3 else _CAPITALS
    word = "".join(random.choices(alphabet, k=random.randint(1, width))).rstrip(" ")
    return (word or "A").ljust(width)


def _day(field: Field, random: Random) -> str:
    if field.zeros == "absent" and field.presence == "F" and random.random() < 0.4:
        return "000000"
    day = random.choice([0, _DAYS - 1, random.randrange(_DAYS)])
    return (_FIRST_DAY + timedelta(days=day)).strftime("%y%m%d")


def _digits(field: Field, random: Random) -> str:
    width = field.longueur
    highest = 10**width - 1
    number = random.choice([0, 1, highest, random.randint(0, 10 ** random.randint(1, width) - 1)])
    if field.zeros == "absent" and field.presence == "O" and number == 0:
        number = highest
    return str(number).rjust(width, "0")


def record_of(layout: Layout, random: Random, texts: dict[str, str] | None = None) -> bytes:
    """A record without a finding; `texts` are those of some fields."""
    found = {field.nom: text_of(field, random) for field in layout.champs} | (texts or {})
    for sign, amount in layout.signs:
        found[sign] = random.choice("PN") if found[amount].strip("0") else "P"
    return "".join(found[field.nom] for field in layout.champs).encode("latin-1")


def types_of(edition: Edition, random: Random, most: int) -> list[str]:
    """Types of records that may follow each other, from the head to the tail, each under its parents' maxima."""
    found = [edition.tete]
    runs: dict[str, int] = {}
    while found[-1] != edition.pied:
        following = [
            type
            for type in edition.succession[found[-1]]
            if runs.get(type, 0) < (edition.details[type].maximum or most if type in edition.details else most)
        ]
        closing = [type for type in following if _distance(edition, type) < _distance(edition, found[-1])]
        found.append(random.choice(closing if len(found) > most and closing else following))
        runs[found[-1]] = runs.get(found[-1], 0) + 1
        for type in edition.layouts:
            if found[-1] in edition.parents.get(type, ()):
                runs[type] = 0
    return found


def _distance(edition: Edition, type: str) -> int:
    """How many records at least stand between this one and the end of the file."""
    return _distances(edition.famille, edition.nom)[type]


@cache
def _distances(famille: str, nom: str) -> dict[str, int]:
    edition = load_edition(famille, nom)
    return {type: len(_way(edition, type, {edition.pied})) for type in edition.layouts}


def _way(edition: Edition, start: str, goals: set[str]) -> list[str]:
    """The fewest types that lead from behind `start` to one of these."""
    ways = {start: list[str]()}
    waiting = deque([start])
    while waiting:
        type = waiting.popleft()
        if type in goals:
            return ways[type]
        for following in edition.succession[type]:
            if following not in ways:
                ways[following] = [*ways[type], following]
                waiting.append(following)
    raise AssertionError(f"{nom_of(edition)}: nothing leads from {start} to {goals}")


def nom_of(edition: Edition) -> str:
    """The folder of an edition."""
    return f"{edition.famille}/{edition.nom}"


class Maker:
    """Makes the records of one file of an edition: envelopes that it recognises, lots of it, details in order."""

    def __init__(self, edition: Edition, random: Random) -> None:
        self._edition = edition
        self._random = random
        self._counts: dict[str, int] = {}
        self._days: dict[str, date] = {}

    def record(self, type: str) -> bytes:
        """The next record, of this type."""
        edition = self._edition
        for below in edition.layouts:
            if type in edition.parents.get(below, ()):
                self._counts.pop(below, None)
                self._days.pop(below, None)
        texts = self._detail(type)
        for _ in range(500):
            record = record_of(edition.layouts[type], self._random, texts | self._conditions(type))
            if self._will_do(type, record):
                return record
        raise AssertionError(f"no record {type} of {nom_of(edition)} holds")

    def _will_do(self, type: str, record: bytes) -> bool:
        edition = self._edition
        if type == edition.tete:
            return edition.recognises(record)
        if type == edition.lot_type and not edition.agrees_with_lot(record):
            return False
        return edition.type_of(record) == type

    def _conditions(self, type: str) -> dict[str, str]:
        """Texts that the manifest wants in a head or in the header of a lot; others are drawn until they hold."""
        edition, layout = self._edition, self._edition.layouts[type]
        found = {"type_emetteur": "TP"} if type == edition.tete else {}
        conditions = edition.reconnaissance if type == edition.tete else ()
        for condition in edition.reconnaissance_lot if type == edition.lot_type else conditions:
            field = layout.champ(condition.champ)
            if condition.parmi:
                found[field.nom] = self._random.choice(condition.parmi).ljust(field.longueur)
            elif condition.motif:
                found[field.nom] = "".join(self._random.choices("0123456789", k=field.longueur))
        return found

    def _detail(self, type: str) -> dict[str, str]:
        """The number and the date that the manifest wants in a record that repeats."""
        detail = self._edition.details.get(type)
        if detail is None:
            return {}
        layout, found = self._edition.layouts[type], {}
        self._counts[type] = self._counts.get(type, 0) + 1
        if detail.numero is not None:
            found[detail.numero] = str(self._counts[type]).rjust(layout.champ(detail.numero).longueur, "0")
        if detail.croissant is not None:
            before = self._days.get(type, date(2024, 1, 1))
            self._days[type] = before + timedelta(days=self._random.randrange(3))
            found[detail.croissant] = self._days[type].strftime("%y%m%d")
        return found


def entities_of(edition: Edition, random: Random, most: int = _MOST_RECORDS) -> list[bytes]:
    """The records of one regular file."""
    maker = Maker(edition, random)
    return [maker.record(type) for type in types_of(edition, random, random.randint(1, most))]


def file_of(edition: Edition, random: Random) -> bytes:
    """One regular file of this edition."""
    return frame(edition, entities_of(edition, random))


def complete_file(edition: Edition, seed: int) -> bytes:
    """A short regular file with every record type of the edition."""
    types = [edition.tete]
    while missing := set(edition.layouts) - {edition.pied} - set(types):
        types += _way(edition, types[-1], missing)
    types += _way(edition, types[-1], {edition.pied})
    maker = Maker(edition, Random(seed))
    return frame(edition, [maker.record(type) for type in types])


def recognised_as(data: bytes) -> Edition | None:
    """The edition that reads this file."""
    return next(item.edition for item in read([data]) if isinstance(item, FileStart))


# --- what goes wrong -------------------------------------------------------------------------------------------------


def damaged(edition: Edition, random: Random) -> bytes:
    """A file whose fields hold anything, or whose records are lost, doubled, cut, or mixed with line ends."""
    entities = entities_of(edition, random)
    how: Callable[[Edition, list[bytes], Random], bytes] = random.choice(
        [_bytes_changed, _bytes_changed, _blanks, _records_moved, _bytes_moved, _among_others]
    )
    return how(edition, entities, random)


def _bytes_changed(edition: Edition, entities: list[bytes], random: Random) -> bytes:
    data = bytearray(frame(edition, entities))
    for _ in range(random.randint(1, 8)):
        data[random.randrange(128, len(data))] = random.choice([*b" 0159PN@\r\x00\x7f\x85\xe9", random.randrange(256)])
    return bytes(data)


def _blanks(edition: Edition, entities: list[bytes], random: Random) -> bytes:
    """Fields left blank, whatever their kind."""
    for place in random.sample(range(1, len(entities)), min(5, len(entities) - 1)):
        type = edition.type_of(entities[place])
        assert type is not None
        field = random.choice(edition.layouts[type].champs)
        record = bytearray(entities[place])
        record[field.span] = b" " * field.longueur
        entities[place] = bytes(record)
    return frame(edition, entities)


def _records_moved(edition: Edition, entities: list[bytes], random: Random) -> bytes:
    place = random.randrange(1, len(entities))
    how = random.choice(["lost", "doubled", "swapped"])
    if how == "lost":
        del entities[place]
    elif how == "doubled":
        entities.insert(place, entities[place])
    else:
        random.shuffle(entities)
    return frame(edition, entities) if len(entities) > 1 else entities[0]


def _bytes_moved(edition: Edition, entities: list[bytes], random: Random) -> bytes:
    data = bytearray(frame(edition, entities))
    place = random.randrange(len(data))
    how = random.choice(["cut", "inserted", "removed", "line ends"])
    if how == "cut":
        del data[place:]
    elif how == "inserted":
        data[place:place] = random.choice([b"\r\n", b" ", b"@", data[:128]])
    elif how == "removed":
        del data[place : place + random.choice([1, 127, 128, 129])]
    else:
        data = bytearray(b"\r\n".join(data[start : start + 128] for start in range(0, len(data), 128)))
    return bytes(data) or b"0"


def _among_others(edition: Edition, entities: list[bytes], random: Random) -> bytes:
    """Several files, with what mail tools leave between them."""
    between = [b"", b"", b"\r\n", b"\x1a", b"   ", b"junk"]
    parts = [frame(edition, entities), file_of(edition, random), file_of(edition, random)]
    return b"".join(part + random.choice(between) for part in parts[: random.randint(1, 3)])
