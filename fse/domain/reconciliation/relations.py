"""Every relation of matching: the facts it reads, what is asked of it, what it maps, derives and answers.

Whoever stores them makes tables and views from this; the columns of a `.sql` are those of its relation, in order.
It also reads the entities of the received files, `noemie_000` to `noemie_999`, one relation a type with the fields of
its layout (place first: cabinet, fichier, rang, rang_parent, octet; what is absent or does not read is null).
"""

from __future__ import annotations

from fse.domain.reconciliation.schema import Index, Role, make_relation

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
)

# The key of `bloc` starts with what a line gives without a join, so that a scan of the lines finds its blocks too.
ASKED = (
    make_relation("bloc", Role.DEMANDE, _BLOCK, "cabinet numero prestataire"),
    make_relation("fichier_touche", Role.DEMANDE, "cabinet text\nfichier text", "cabinet fichier"),
    make_relation("parametre", Role.DEMANDE, "aujourd_hui bigint\ndelai_sans_retour bigint"),
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
        forfaits bigint
        retenues bigint
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
        "parts_du_bloc",
        Role.RESULTAT,
        _BLOCK + "partie text\ndemande bigint\npaye bigint\netat text",
        "cabinet prestataire numero partie",
    ),
    make_relation("factures_du_bloc", Role.RESULTAT, _BLOCK + "etat text", "cabinet prestataire numero"),
    make_relation("residus_recus", Role.RESULTAT, _LINE + "numero bigint\nnature text", "cabinet fichier rang"),
    make_relation(
        "ecarts_recus",
        Role.RESULTAT,
        _LINE + "numero bigint\npartie text\ndemande bigint\ndemande_retour bigint",
        "cabinet fichier rang",
    ),
    make_relation(
        "bilan",
        Role.RESULTAT,
        """cabinet text
        factures bigint
        soldees bigint
        sans_retour_attendu bigint
        demande bigint
        paye bigint
        reste bigint
        trop_paye bigint""",
        "cabinet",
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
        forfaits bigint
        retenues bigint
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
)

RELATIONS = {relation.name: relation for relation in (*FACTS, *ASKED, *VIEWS, *DERIVED, *RESULTS)}

INDEXES = (
    Index("noemie_102", ("cabinet", "CAST(COALESCE(numero_facture, 0) AS BIGINT)")),  # as ligne_retour.sql says it
    *(
        Index(f"noemie_{type}", ("cabinet", "fichier", "rang_parent"))
        for type in ("081", "102", "198", "199", "250", "261", "294", "990")
    ),
    *(Index(name, BLOCK) for name in ("appariement", "residu", "ecart_demande")),
)
