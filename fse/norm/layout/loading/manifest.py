"""The documents of one edition to an `Edition`, with the proofs that make the data trustworthy.

A *document* is a TOML file once parsed: `famille` (the manifest), `blocs` (shared fields), and one for each record.
Everything raises `ValueError` in English: who sees it is writing an edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields
from typing import Any, NamedTuple

from fse.norm.layout.edition import Condition, Control, Detail, Discriminant, Edition, Stream, Term
from fse.norm.layout.fields import Field
from fse.norm.layout.layout import Layout

Document = Mapping[str, Any]

_FIELD_TYPES = {
    one.name: {"int": int, "bool": bool}.get(str(one.type).split(" ")[0], str) for one in dataclass_fields(Field)
}
_FIELD_MANDATORY = ("nom", "debut", "fin", "longueur", "genre")
_REPEAT = {"fois": int, "pas": int}
_RECORD_TYPES: dict[str, type] = {
    **dict.fromkeys(("type", "libelle", "source", "confiance"), str),
    "longueur": int,
    "champs": list,
}
_MANIFEST_TYPES: dict[str, type] = {
    **dict.fromkeys(("famille", "edition", "libelle", "source", "confiance", "cadrage", "tete", "pied"), str),
    **dict.fromkeys(("reconnaissance", "parents", "succession"), dict),
    "structure": str,
    "longueur": int,
    "discriminants": list,
}
_MANIFEST_OPTIONAL: dict[str, type] = {
    **dict.fromkeys(("flux", "reconnaissance_lot", "details", "controles"), dict),
    "herite": str,
    "retire": list,
}
_DETAIL_TYPES: dict[str, type] = {"maximum": int, "numero": str, "croissant": str}
_CONTROL_TYPES: dict[str, type] = {"ouvre": str, "nombres": dict, "sommes": dict}
_STREAM_TYPES: dict[str, type] = {
    **dict.fromkeys(("suite", "dernier", "bourrage", "terminateur"), str),
    "drapeau": int,
}
_RULE_TYPES: dict[str, type] = {"prefixe": list}
_RULE_OPTIONAL: dict[str, type] = {"lettre": int, "parmi": list, "decide": bool}
_RESUME = "[0-9]{5}"


class Family(NamedTuple):
    """The documents of an edition, its parent's included: what `make_edition` needs."""

    manifest: Document
    blocs: Mapping[str, list[Document]]
    records: Mapping[str, Document]


def make_edition(family: Family, place: str) -> Edition:
    """The edition of these documents; `place` names it in messages. Raises `ValueError`."""
    layouts: dict[str, Layout] = {}
    for name, document in family.records.items():
        layout = _layout(document, family.blocs, f"{place}/{name}")
        if layout.type in layouts:
            raise ValueError(f"{place}: two records have the type {layout.type}")
        layouts[layout.type] = layout
    _expect(family.manifest, _MANIFEST_TYPES, _MANIFEST_OPTIONAL, f"{place}/famille")
    edition = _edition(family.manifest, layouts, place)
    for problem in _problems(edition):
        raise ValueError(f"{place}: {problem}")
    return edition


def inherit(parent: Family, manifest: Document, blocs: Mapping[str, Any], records: Mapping[str, Document]) -> Family:
    """A family that states its differences with `parent`: keys, blocks and records it gives replace the parent's.

    `retire` lists the records of the parent that it no longer has.
    """
    kept = {name: record for name, record in parent.records.items() if name not in manifest.get("retire", [])}
    return Family({**parent.manifest, **manifest}, {**parent.blocs, **blocs}, {**kept, **records})


def _expect(document: Document, mandatory: Mapping[str, type], optional: Mapping[str, type], place: str) -> None:
    """Raises `ValueError` when a key is missing, unknown, or of another type."""
    if missing := set(mandatory) - set(document):
        raise ValueError(f"{place}: missing keys {sorted(missing)}")
    for key, value in document.items():
        kind = mandatory.get(key) or optional.get(key)
        if kind is None:
            raise ValueError(f"{place}: unknown key {key}")
        if type(value) is not kind:
            raise ValueError(f"{place}: {key} is not of the type {kind.__name__}")


def _layout(record: Document, blocs: Mapping[str, list[Document]], place: str) -> Layout:
    _expect(record, _RECORD_TYPES, {}, place)
    provenance = {key: record[key] for key in ("source", "confiance")}
    champs: list[Field] = []
    for entry in _included(record["champs"], blocs, place):
        champs.extend(_fields({**provenance, **entry}, place))
    champs.sort(key=lambda field: field.debut)
    return Layout(type=record["type"], libelle=record["libelle"], longueur=record["longueur"], champs=tuple(champs))


def _included(entries: list[Document], blocs: Mapping[str, list[Document]], place: str) -> Iterator[Document]:
    for entry in entries:
        if "bloc" not in entry:
            yield entry
        elif entry["bloc"] not in blocs or len(entry) > 1:
            raise ValueError(f"{place}: no block {entry['bloc']}, or more than its name is given")
        else:
            yield from blocs[entry["bloc"]]


def _fields(entry: Document, place: str) -> Iterator[Field]:
    """The field of an entry, or its `fois` repetitions, `pas` positions apart, named `<nom>_1`, `<nom>_2`…"""
    mandatory = {key: _FIELD_TYPES[key] for key in _FIELD_MANDATORY}
    _expect(entry, mandatory, {**_FIELD_TYPES, **_REPEAT}, f"{place}: {entry.get('nom')}")
    values = {key: value for key, value in entry.items() if key not in _REPEAT}
    if ("fois" in entry) != ("pas" in entry):
        raise ValueError(f"{place}: {entry['nom']} repeats without a step, or steps without repeating")
    if "fois" not in entry:
        yield Field(**values)
        return
    for index in range(entry["fois"]):
        shift = index * entry["pas"]
        moved = {"nom": f"{entry['nom']}_{index + 1}", "debut": entry["debut"] + shift, "fin": entry["fin"] + shift}
        if "signe_de" in entry:
            moved["signe_de"] = f"{entry['signe_de']}_{index + 1}"
        yield Field(**{**values, **moved})


def _conditions(table: Document, place: str) -> tuple[Condition, ...]:
    found = []
    for champ, rule in table.items():
        if not isinstance(rule, Mapping) or len(rule) != 1 or not set(rule) <= {"parmi", "sauf", "motif"}:
            raise ValueError(f"{place}: the condition on {champ} is one of parmi, sauf and motif")
        try:
            re.compile(rule.get("motif", ""))
        except re.error as error:
            raise ValueError(f"{place}: the condition on {champ} is no regular expression: {error}") from None
        parmi, sauf = (tuple(rule[key]) if key in rule else None for key in ("parmi", "sauf"))
        found.append(Condition(champ, parmi, sauf, rule.get("motif")))
    return tuple(found)


def _discriminant(rule: Document, place: str) -> Discriminant:
    _expect(rule, _RULE_TYPES, _RULE_OPTIONAL, f"{place}/discriminants")
    debut, fin = rule["prefixe"]
    parmi = frozenset(rule["parmi"]) if "parmi" in rule else None
    return Discriminant(debut, fin, rule.get("lettre"), parmi, rule.get("decide", False))


def _stream(manifest: Document, place: str) -> Stream | None:
    framing = manifest["cadrage"]
    if framing not in ("fixe", "flux", "lignes") or (framing == "flux") != ("flux" in manifest):
        raise ValueError(f"{place}: the framing is fixe, lignes, or flux with its own table")
    if framing != "flux":
        return None
    table = manifest["flux"]
    _expect(table, _STREAM_TYPES, {"reprise": str}, f"{place}/flux")
    if table["drapeau"] != 1 or any(
        len(value) != 1 for key, value in table.items() if key not in ("drapeau", "reprise")
    ):
        raise ValueError(f"{place}: flag, its values, padding and terminator are one byte each")
    texts = {key: value.encode("ascii") for key, value in table.items() if key != "drapeau"}
    return Stream(**{"reprise": _RESUME.encode("ascii"), **texts})


def _details(manifest: Document, place: str) -> Iterator[tuple[str, Detail]]:
    for type, table in manifest.get("details", {}).items():
        _expect(table, {}, _DETAIL_TYPES, f"{place}/details/{type}")
        yield type, Detail(**table)


def _controls(manifest: Document, place: str) -> Iterator[tuple[str, Control]]:
    for type, table in manifest.get("controles", {}).items():
        _expect({"nombres": {}, "sommes": {}, **table}, _CONTROL_TYPES, {}, f"{place}/controles/{type}")
        nombres = {champ: tuple(types) for champ, types in table.get("nombres", {}).items()}
        sommes = {champ: tuple(map(_term, terms)) for champ, terms in table.get("sommes", {}).items()}
        yield type, Control(table["ouvre"], nombres, sommes)


def _term(text: str) -> Term:
    type, _, champ = text.removeprefix("-").partition(".")
    return Term(-1 if text.startswith("-") else 1, type, champ)


def _edition(manifest: Document, layouts: dict[str, Layout], place: str) -> Edition:
    lot = dict(manifest.get("reconnaissance_lot", {}))
    if manifest["structure"] not in ("etablie", "supposee"):
        raise ValueError(f"{place}: the structure is etablie or supposee")
    return Edition(
        famille=manifest["famille"],
        nom=manifest["edition"],
        libelle=manifest["libelle"],
        source=manifest["source"],
        confiance=manifest["confiance"],
        longueur=manifest["longueur"],
        stream=_stream(manifest, place),
        enveloppe=manifest["cadrage"] != "lignes",
        tete=manifest["tete"],
        pied=manifest["pied"],
        structure_supposee=manifest["structure"] == "supposee",
        reconnaissance=_conditions(manifest["reconnaissance"], place),
        lot_type=lot.pop("type", None),
        reconnaissance_lot=_conditions(lot, place),
        discriminants=tuple(_discriminant(rule, place) for rule in manifest["discriminants"]),
        parents={type: tuple(parents) for type, parents in manifest["parents"].items()},
        succession={type: tuple(following) for type, following in manifest["succession"].items()},
        details=dict(_details(manifest, place)),
        controles=dict(_controls(manifest, place)),
        layouts=layouts,
    )


def _problems(edition: Edition) -> Iterator[str]:
    """What does not hold in an edition whose records do, in English."""
    named = {edition.tete, edition.pied} | set(edition.parents) | set(edition.succession)
    named |= {type for types in (*edition.parents.values(), *edition.succession.values()) for type in types}
    named |= set(edition.details) | set(edition.controles) | {control.ouvre for control in edition.controles.values()}
    if edition.lot_type:
        named.add(edition.lot_type)
    if missing := named - set(edition.layouts):
        yield f"the manifest names records that have no layout: {sorted(missing)}"
        return
    if orphans := set(edition.layouts) - set(edition.parents) - {edition.tete}:
        yield f"records without a place in the tree: {sorted(orphans)}"
    if silent := set(edition.layouts) - set(edition.succession):
        yield f"records after which the manifest says nothing: {sorted(silent)}"
    for type, conditions in (
        (edition.tete, edition.reconnaissance),
        (edition.lot_type or edition.tete, edition.reconnaissance_lot),
    ):
        if unknown := [one.champ for one in conditions if one.champ not in edition.layouts[type]]:
            yield f"conditions on fields that {type} does not have: {unknown}"
    yield from _table_problems(edition)
    for layout in edition.layouts.values():
        yield from _record_problems(edition, layout)


def _table_problems(edition: Edition) -> Iterator[str]:
    """What the tables of details and of controls say of fields that are not what they must be."""
    wanted: list[tuple[str, str, tuple[str, ...]]] = []
    for type, detail in edition.details.items():
        wanted += [(type, detail.numero, ("chiffres", "entier"))] if detail.numero else []
        wanted += [(type, detail.croissant, ("date",))] if detail.croissant else []
    for type, control in edition.controles.items():
        wanted += [(type, champ, ("entier",)) for champ in control.nombres]
        wanted += [(type, champ, ("montant",)) for champ in control.sommes]
        terms = [term for terms in control.sommes.values() for term in terms]
        wanted += [(term.type, term.champ, ("montant",)) for term in terms]
    for type, champ, genres in wanted:
        layout = edition.layouts.get(type)
        if layout is None or champ not in layout or layout.champ(champ).genre not in genres:
            yield f"{type}.{champ} is no field of the kind {' or '.join(genres)}"


def _record_problems(edition: Edition, layout: Layout) -> Iterator[str]:
    envelope = layout.type in (edition.tete, edition.pied)
    if layout.longueur != edition.longueur and (envelope or edition.stream is None):
        yield f"{layout.type} is not as long as a physical record"
    if edition.type_of(_constants(layout)) != layout.type:
        yield f"the discriminants do not tell {layout.type} from its own constants"
    stream = edition.stream
    if stream and not envelope and layout.champs[-1].constante != stream.terminateur.decode("ascii"):
        yield f"{layout.type} does not end with the terminator"


def _constants(layout: Layout) -> bytes:
    """A record of this layout where only the constants are written."""
    return "".join(field.constante or " " * field.longueur for field in layout.champs).encode("latin-1")
