"""The schema of every relation of matching, as data. Whoever stores them makes tables and views from this.

Two types: `text` (compared bytewise) and `bigint` (whole numbers, centimes, days, flags). A column is not null unless
it says so. The columns of an entity are those that matching reads; `entities.py` gives all of them from the layout.
No SQL that computes lives here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a relation is, hence who fills it."""

    FAIT = "fait"  # stored by the journal, or a view over its events
    ENTITE = "entite"  # one row per entity of a received file
    DEMANDE = "demande"  # filled by the caller: what is asked
    VUE = "vue"  # `<name>.sql` over facts and entities
    DERIVEE = "derivee"  # computed again for the asked blocks from `<name>.sql`
    RESULTAT = "resultat"  # what the query `<name>.sql` returns; not stored


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `type` is `text` or `bigint`."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation. `key` names the columns that are unique together; empty when the relation has one row or none."""

    name: str
    role: Role
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Index:
    """An index that the statements count on; `expressions` are SQL text. Planners also need statistics (ANALYZE)."""

    relation: str
    expressions: tuple[str, ...]


def make_relation(name: str, role: Role, columns: str, key: str = "") -> Relation:
    """A relation from one line a column: `name type`, then `null` when it may be absent. `key`: names, by spaces."""
    parsed = []
    for line in columns.strip().splitlines():
        column, kind, *null = line.split()
        if kind not in ("text", "bigint") or null not in ([], ["null"]):
            raise ValueError(f"relation {name}: {line.strip()!r} is not a column")
        parsed.append(Column(column, kind, bool(null)))
    relation = Relation(name, role, tuple(parsed), tuple(key.split()))
    if not set(relation.key) <= {column.name for column in relation.columns if not column.nullable}:
        raise ValueError(f"relation {name}: its key {key!r} is not made of its columns that are never null")
    return relation


BLOCK = ("cabinet", "prestataire", "numero")

_BLOCK = """
cabinet text
prestataire text
numero bigint
"""
_LINE = """
cabinet text
fichier text
rang bigint
"""
_ENTITY = (
    _LINE
    + """rang_parent bigint
octet bigint
"""
)

FACTS = (
    make_relation(
        "facture_emise",
        Role.FAIT,
        _BLOCK
        + """mode text
        attend_amo bigint
        attend_amc bigint
        demande_amo bigint
        demande_amc bigint
        date_facture bigint
        securisee_le bigint
        numero_lot bigint
        date_lot bigint
        emise_le bigint
        annulee bigint
        organisme text""",
        "cabinet prestataire numero",
    ),
    make_relation("prestataire", Role.FAIT, "cabinet text\nprestataire text", "cabinet prestataire"),
    make_relation("identifiant", Role.FAIT, "brut text\nprestataire text", "brut"),
    make_relation("parametre", Role.FAIT, "aujourd_hui bigint\ndelai_sans_retour bigint"),
)


def _entity(type: str, columns: str) -> Relation:
    return make_relation(f"noemie_{type}", Role.ENTITE, _ENTITY + columns, "cabinet fichier rang")


ENTITIES_READ = (
    _entity("000", "numero_destinataire text null\ndate_creation bigint null"),
    _entity("040", "beneficiaire_reglement text null"),
    _entity(
        "071",
        """date_comptable bigint null
        libelle_virement_1 text null
        libelle_virement_2 text null
        organisme_payeur text null""",
    ),
    _entity("081", "code_retour text null\nlieu_execution text null"),
    _entity(
        "102",
        """numero_facture bigint null
        numero_lot bigint null
        date_lot bigint null
        type_facture text null""",
    ),
    _entity("198", "montant_demande bigint null\netat text null\nmontant_rembourse bigint null"),
    _entity("199", "montant_demande bigint null\netat text null\nmontant_rembourse bigint null"),
    _entity(
        "294",
        """code_rejet text null
        libelle_rejet text null
        niveau_rejet text null
        partie text null
        code_acte text null
        numero_ligne bigint null
        rang_rejet bigint null""",
    ),
    _entity("990", "somme bigint null"),
)

ASKED = (
    make_relation("bloc", Role.DEMANDE, _BLOCK, "cabinet prestataire numero"),
    make_relation("fichier_touche", Role.DEMANDE, "cabinet text\nfichier text", "cabinet fichier"),
)

VIEWS = (
    make_relation(
        "facture_suivie",
        Role.VUE,
        _BLOCK
        + """attend_amo bigint
        attend_amc bigint
        demande_amo bigint
        demande_amc bigint
        securisee_le bigint
        numero_lot bigint
        date_lot bigint
        envoyee_le bigint
        annulee bigint""",
        "cabinet prestataire numero",
    ),
    make_relation(
        "ligne_retour",
        Role.VUE,
        _LINE
        + """prestataire text
        numero bigint
        numero_lot bigint
        date_lot bigint
        code_retour text null
        type_facture text null
        date_comptable bigint
        rang_virement bigint
        paye bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "part_retour",
        Role.VUE,
        _LINE
        + """rang_ligne bigint
        partie text
        demande bigint null
        etat text null
        paye bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "rejet_retour",
        Role.VUE,
        _LINE
        + """rang_ligne bigint
        code text null
        libelle text null
        niveau text null
        partie text null
        numero_ligne bigint null
        code_acte text null
        ordre bigint null
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "virement",
        Role.VUE,
        _LINE
        + """date_comptable bigint
        libelle_1 text null
        libelle_2 text null
        payeur text null
        montant bigint null
        parts bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
)

_CLASSED = _LINE + "prestataire text\nnumero bigint\n"

DERIVED = (
    make_relation("appariement", Role.DERIVEE, _CLASSED + "politique text", "cabinet fichier rang"),
    make_relation("residu", Role.DERIVEE, _CLASSED + "nature text", "cabinet fichier rang"),
    make_relation(
        "etat_part",
        Role.DERIVEE,
        _BLOCK
        + """partie text
        demande bigint
        paye bigint
        retours bigint
        etat text
        derniere_le bigint""",
        "cabinet prestataire numero partie",
    ),
    make_relation("etat_facture", Role.DERIVEE, _BLOCK + "etat text", "cabinet prestataire numero"),
    make_relation(
        "ecart_demande",
        Role.DERIVEE,
        _LINE
        + """rang_ligne bigint
        prestataire text
        numero bigint
        partie text
        demande bigint
        demande_retour bigint""",
        "cabinet fichier rang",
    ),
)

RESULTS = (
    make_relation("blocs_touches", Role.RESULTAT, _BLOCK, "cabinet prestataire numero"),
    make_relation("blocs_tous", Role.RESULTAT, _BLOCK, "cabinet prestataire numero"),
    make_relation("fichiers_tous", Role.RESULTAT, "cabinet text\nfichier text", "cabinet fichier"),
    make_relation(
        "suivi",
        Role.RESULTAT,
        _BLOCK
        + """partie text
        nature text
        montant bigint
        depuis bigint
        age bigint
        fichier text
        rang bigint""",
        "cabinet prestataire numero partie nature fichier rang",
    ),
    make_relation(
        "histoire_facture",
        Role.RESULTAT,
        _BLOCK
        + """etape bigint
        jour bigint null
        evenement text
        partie text
        code text
        libelle text
        niveau text
        numero_ligne bigint null
        code_acte text
        numero_lot bigint null
        demande bigint null
        paye bigint null
        fichier text
        rang bigint
        rang_ligne bigint
        octet bigint null""",
        "cabinet prestataire numero etape fichier rang_ligne rang",
    ),
    make_relation(
        "controle_virement",
        Role.RESULTAT,
        _LINE
        + """date_comptable bigint
        libelle_1 text null
        libelle_2 text null
        payeur text null
        montant bigint null
        parts bigint
        ecart bigint null
        rapproche bigint
        residu bigint
        reste bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "totaux",
        Role.RESULTAT,
        """cabinet text
        fichier text
        lignes bigint
        lignes_rapprochees bigint
        lignes_residu bigint
        parts bigint
        rapproche bigint
        residu bigint
        reste bigint""",
        "cabinet fichier",
    ),
    make_relation(
        "prestataires_divergents",
        Role.RESULTAT,
        _LINE
        + """octet bigint
        lieu_execution text
        beneficiaire text
        destinataire text""",
        "cabinet fichier rang",
    ),
)

RELATIONS = {relation.name: relation for relation in (*FACTS, *ENTITIES_READ, *ASKED, *VIEWS, *DERIVED, *RESULTS)}

INDEXES = (
    Index("noemie_102", ("cabinet", "CAST(COALESCE(numero_facture, 0) AS BIGINT)")),
    *(
        Index(f"noemie_{type}", ("cabinet", "fichier", "rang_parent"))
        for type in ("081", "102", "198", "199", "294", "990")
    ),
    *(Index(name, BLOCK) for name in ("appariement", "residu", "ecart_demande")),
)
