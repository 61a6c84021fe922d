"""The relations of the bank: which movement of an account proves which transfer. They join the others in `relations`.

A *block* of the bank is (cabinet, reference, montant): the second label of transfers, with 0; or an amount, with '' for
the label (`rapprochement_bancaire.sql`). Python says what the labels of a movement cite (`citation_bancaire`), since no
text is compared in SQL. `compte_prestataire` is of no block: all of them are asked when it changes.
"""

from __future__ import annotations

from fse.domain.reconciliation.schema import Index, Role, make_relation

_MOVEMENT = """
cabinet text
fichier text
rang bigint
"""
_TRANSFER = """
cabinet text
fichier_virement text
rang_virement bigint
"""
_PAIR = _TRANSFER + "fichier text\nrang bigint\n"
_PAIR_KEY = "cabinet fichier_virement rang_virement fichier rang"

FACTS = (
    make_relation(
        "releve_bancaire",
        Role.FAIT,
        "cabinet text\nfichier text\ncompte text\ndebut bigint\ncloture_le bigint",
        "cabinet fichier",
    ),
    make_relation(
        "mouvement_bancaire",
        Role.FAIT,
        _MOVEMENT + "compte text\njour bigint\nmontant bigint",
        "cabinet fichier rang",
    ),
    make_relation(
        "compte_prestataire",
        Role.FAIT,
        "cabinet text\nprestataire text\ncompte text",
        "cabinet prestataire compte",
    ),
    make_relation(
        "citation_bancaire",
        Role.FAIT,
        _MOVEMENT + "fichier_virement text\nrang_virement bigint\nlibelle_1 bigint\nreference text",
        "cabinet fichier rang fichier_virement rang_virement",
    ),
    make_relation("payeur_cite", Role.FAIT, _MOVEMENT + "libelle text", "cabinet fichier rang libelle"),
    make_relation(
        "preuve_manuelle",
        Role.FAIT,
        _MOVEMENT + "fichier_virement text\nrang_virement bigint\nacte bigint",
        "cabinet fichier rang",
    ),
)

ASKED = (
    make_relation(
        "bloc_bancaire",
        Role.DEMANDE,
        "cabinet text\nreference text\nmontant bigint",
        "cabinet reference montant",
    ),
    make_relation("parametre_banque", Role.DEMANDE, "aujourd_hui bigint\ndelai_virement bigint"),
)

VIEWS = (
    *(
        make_relation(
            name,
            Role.VUE,
            _MOVEMENT
            + """fichier_virement text
            rang_virement bigint
            montant bigint
            montant_virement bigint
            libelle_1 bigint
            reference text""",
            "cabinet fichier rang fichier_virement rang_virement",
        )
        for name in ("lien_possible", "lien_bancaire")
    ),
    make_relation(
        "preuve_virement",
        Role.VUE,
        _PAIR + "politique text\ncompte text\njour bigint\nmontant bigint",
        _PAIR_KEY,
    ),
)

PROVED = (
    make_relation(
        "rapprochement_bancaire",
        Role.PROUVEE,
        """cabinet text
        reference text
        montant bigint
        fichier_virement text
        rang_virement bigint
        fichier text
        rang bigint
        politique text""",
        "cabinet reference montant fichier_virement rang_virement fichier rang",
    ),
)

_BLOCK = "cabinet text\nreference text\nmontant bigint"

RESULTS = (
    make_relation("blocs_bancaires_touches", Role.RESULTAT, _BLOCK, "cabinet reference montant"),
    make_relation("blocs_bancaires_tous", Role.RESULTAT, _BLOCK, "cabinet reference montant"),
    make_relation("preuves_recues", Role.RESULTAT, _PAIR + "politique text", _PAIR_KEY),
    make_relation(
        "virements_banque",
        Role.RESULTAT,
        _MOVEMENT
        + """beneficiaire text
        date_comptable bigint
        libelle_1 text null
        libelle_2 text null
        payeur text null
        montant bigint null
        nature text
        politique text
        prouve_le bigint null
        mouvements bigint
        recu bigint
        age bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "virements_du_bloc",
        Role.RESULTAT,
        "cabinet text\nprestataire text\nnumero bigint\nfichier text\nrang_virement bigint\npaye bigint",
        "cabinet prestataire numero fichier rang_virement",
    ),
    make_relation(
        "mouvements_banque",
        Role.RESULTAT,
        _MOVEMENT + "compte text\njour bigint\nmontant bigint\nnature text\npayeur text\nage bigint",
        "cabinet fichier rang",
    ),
    make_relation(
        "suggestions_banque",
        Role.RESULTAT,
        _PAIR + "jour bigint\nmontant bigint\nseule bigint",
        _PAIR_KEY,
    ),
)

INDEXES = (
    Index("virement", ("cabinet", "date_comptable")),
    Index("rapprochement_bancaire", ("cabinet", "fichier_virement", "rang_virement")),
    Index("rapprochement_bancaire", ("cabinet", "fichier", "rang")),
)
