"""The page of one edition: what a vendor engineer reads instead of the norm."""

from __future__ import annotations

from docs.generator import differences, tree
from docs.generator.markdown import code, codes, link, page, table
from docs.generator.sources import Documented
from docs.generator.wording import condition, content, discriminant, kind, positions
from fse.norm.layout import Edition, Layout
from fse.norm.layout.edition import Condition, Term

_ENDS_WITH_SOURCES = ("Source", "Confidence")
_FIELD_HEADER = ("Positions", "Length", "Field", "Kind", "Presence", "Meaning", "Content", *_ENDS_WITH_SOURCES)


def text(one: Documented) -> str:
    """The page."""
    edition, folder = one.edition, f"schemas/layouts/{one.name}/"
    return page(
        f"# {edition.famille.upper()}, edition {code(edition.nom)}",
        f"{edition.libelle}.",
        f"Data: {link(folder, f'../../{folder}')}, whose comments say why a field is read as it is. "
        f"Source of the edition: {edition.source}, confidence {code(edition.confiance)}. "
        f"Words of the tables and kinds: {link('formats', 'README.md')}. "
        f"What is covered and how sure it is: {link('coverage', '../couverture.md')}.",
        differences.described(one),
        f"## Framing\n\n{_framing(edition)}",
        f"## Recognition\n\n{_recognition(edition)}",
        f"## Tree\n\n{_tree(edition)}",
        f"## Succession\n\n{_succession(edition)}",
        f"## Announced totals\n\n{_controls(edition)}" if edition.controles else "",
        "## Records",
        *(_record(one, layout) for layout in one.layouts.values()),
    )


def _framing(edition: Edition) -> str:
    envelope = f"The file opens with {code(edition.tete)} and closes with {code(edition.pied)}."
    if not edition.enveloppe:
        return (
            f"Records of {edition.longueur} characters, one a line or without any line end; what is no record around "
            f"them is left aside and reported. There is no envelope: each run from {code(edition.tete)} to "
            f"{code(edition.pied)} is a file of its own, and a content holds several."
        )
    if edition.stream is None:
        return f"Records of {edition.longueur} characters, without a separator. {envelope}"
    stream = edition.stream
    payload = edition.longueur - 1
    return (
        f"Physical records of {edition.longueur} characters, without a separator. {envelope} Both are one whole "
        f"physical record. Between them, each physical record is one flag, then {payload} characters of payload; the "
        f"flag is {_byte(stream.suite)}, or {_byte(stream.dernier)} for the last one, whose payload is filled with "
        f"{_byte(stream.bourrage)}. The payloads, one after the other, are the entities: each has the length of its "
        f"table below and ends with {_byte(stream.terminateur)} at its last position. So an entity may straddle two "
        f"physical records, and its positions are counted in the entity, never in the file.\n\n"
        f"Behind an unknown entity, reading resumes after the next {_byte(stream.terminateur)} that something like "
        f"{_byte(stream.reprise)} follows."
    )


def _byte(text: bytes) -> str:
    return code(text.decode("ascii")) if text.strip() else "blanks"


def _recognition(edition: Edition) -> str:
    conditions = [(edition.tete, one) for one in edition.reconnaissance]
    conditions += [(edition.lot_type or edition.tete, one) for one in edition.reconnaissance_lot]
    rules = "\n".join(f"{number}. {discriminant(rule)}" for number, rule in enumerate(edition.discriminants, 1))
    return (
        table(("Record", "Positions", "Field", "Condition"), [_asked(edition, type, one) for type, one in conditions])
        + f"\nThe type of a record is the first of these that gives a known one:\n\n{rules}"
    )


def _asked(edition: Edition, type: str, one: Condition) -> tuple[str, str, str, str]:
    field = edition.layouts[type].champ(one.champ)
    return _anchor(type), positions(field), code(one.champ), condition(one)


def _tree(edition: Edition) -> str:
    supposed = "The public sources do not print this tree: it is inferred, and what contradicts it is a warning.\n\n"
    note = supposed if edition.structure_supposee else ""
    several = any(len(parents) > 1 for parents in edition.parents.values())
    nearest = "A record that may stand in several is in the nearest one still open.\n\n" if several else ""
    return f"{note}{nearest}```\n{tree.drawn(edition)}\n```"


def _succession(edition: Edition) -> str:
    rows = [(_anchor(type), codes(following) or "end of file") for type, following in edition.succession.items()]
    return table(("After", "may stand"), rows)


def _controls(edition: Edition) -> str:
    rows = []
    for type, control in edition.controles.items():
        since = f"since the last {_anchor(control.ouvre)}"
        rows += [(_anchor(type), code(champ), _counted(types), since) for champ, types in control.nombres.items()]
        rows += [(_anchor(type), code(champ), _summed(terms), since) for champ, terms in control.sommes.items()]
    note = "Recomputed on reading, and by the writer. The opener and the trailer count too, where their type is named."
    return f"{note}\n\n" + table(("Record", "Field", "Announces", "Over"), rows)


def _counted(types: tuple[str, ...]) -> str:
    if types == ("*",):
        return "number of records"
    named = [f"whatever starts with {code(one[:-1])}" if one.endswith("*") else code(one) for one in types]
    return f"number of records: {', '.join(named)}"


def _summed(terms: tuple[Term, ...]) -> str:
    signs = {1: " + ", -1: " - "}
    return "sum of " + "".join(signs[one.signe] + code(f"{one.type}.{one.champ}") for one in terms).removeprefix(" + ")


def _record(one: Documented, layout: Layout) -> str:
    type, edition = layout.type, one.edition
    path = one.file_of(type)
    facts = [f"{layout.longueur} characters", f"data: {link(path, f'../../{path}')}"]
    if parents := edition.parents.get(type):
        facts.insert(1, f"in {', '.join(map(_anchor, parents))}")
    rows = [
        (
            positions(field),
            str(field.longueur),
            code(field.nom),
            kind(field),
            field.presence,
            field.libelle,
            content(field),
            field.source,
            field.confiance,
        )
        for field in layout.champs
    ]
    return f"### {type}\n\n**{layout.libelle}**: {'; '.join(facts)}.\n\n" + table(_FIELD_HEADER, rows)


def _anchor(type: str) -> str:
    """A record, with a link to its table on the same page."""
    return link(code(type), f"#{type.lower()}")
