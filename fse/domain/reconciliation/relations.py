"""Every relation of matching: the facts it reads, what is asked of it, what it maps, derives and answers.

Whoever stores them makes tables and views from this; the columns of a `.sql` are those of its relation, in order.
It also reads the entities of the received files, `noemie_000` to `noemie_999`, one relation a type with the fields of
its layout (place first: cabinet, fichier, rang, rang_parent, octet; what is absent or does not read is null).
"""

from __future__ import annotations

from fse.domain.reconciliation import banque
from fse.domain.reconciliation.results import RESULTS
from fse.domain.reconciliation.schema import Index, Role, make_relation

ENTITIES = "noemie_"
"""How the relations of entities start."""
HEADS = "noemie_000"
"""One row a received file and practice: every entity of a file has this one above it, in the same practice."""

BLOCK = ("cabinet", "numero", "hors_numero")

_INVOICE = """
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
        _INVOICE
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
        organisme text
        remplacant text
        remplacee_par bigint
        racine bigint
        en_route bigint
        accuse text""",
        "cabinet prestataire numero",
    ),
    make_relation(
        "prestataire",
        Role.FAIT,
        "cabinet text\nprestataire text\npremier_numero bigint\ndernier_numero bigint",
        "cabinet prestataire",
    ),
    make_relation(
        "reprise",
        Role.FAIT,
        "cabinet text\nprestataire text\ndernier_numero bigint\nreprise_le bigint",
        "cabinet prestataire",
    ),
    make_relation(
        "mandat", Role.FAIT, "cabinet text\nbeneficiaire text\nprestataire text", "cabinet beneficiaire prestataire"
    ),
    make_relation("identifiant", Role.FAIT, "cabinet text\nbrut text\nprestataire text", "cabinet brut"),
    make_relation("assure_facture", Role.FAIT, _INVOICE + "nir_empreinte text", "cabinet prestataire numero"),
    make_relation(
        "assure_retour",
        Role.FAIT,
        "cabinet text\nfichier text\nrang_ligne bigint\nnir_empreinte text",
        "cabinet fichier rang_ligne",
    ),
    make_relation(
        "rattachement", Role.FAIT, _LINE + "prestataire text\nnumero bigint\nacte bigint", "cabinet fichier rang"
    ),
    make_relation(
        "etat_force",
        Role.FAIT,
        _INVOICE + "partie text\netat text\nretours bigint\npose_le bigint\nacte bigint",
        "cabinet prestataire numero partie",
    ),
    make_relation(
        "paiement_saisi",
        Role.FAIT,
        _INVOICE + "partie text\netat text\nmontant bigint\njour bigint\npiece text\nacte bigint",
        "cabinet acte",
    ),
    make_relation(
        "creance_rattachee",
        Role.FAIT,
        "cabinet text\nprestataire text\nemetteur text\nreference text\nnumero bigint\nnotifiee_le bigint\nacte bigint",
        "cabinet prestataire emetteur reference",
    ),
    make_relation("classement", Role.FAIT, _LINE + "acte bigint", "cabinet fichier rang"),
    *banque.FACTS,
)

# The key of `bloc` starts with what a line gives without a join, so that a scan of the lines finds its blocks too.
ASKED = (
    make_relation("bloc", Role.DEMANDE, "cabinet text\nnumero bigint\nhors_numero text", " ".join(BLOCK)),
    make_relation("fichier_touche", Role.DEMANDE, "cabinet text\nfichier text", "cabinet fichier"),
    make_relation("perimetre", Role.DEMANDE, "cabinet text", "cabinet"),
    make_relation("parametre", Role.DEMANDE, "aujourd_hui bigint\ndelai_sans_retour bigint"),
    *banque.ASKED,
)

VIEWS = (
    make_relation(
        "facture_suivie",
        Role.VUE,
        _INVOICE
        + """mode text
        attend_amo bigint
        attend_amc bigint
        demande_amo bigint
        demande_amc bigint
        date_facture bigint
        securisee_le bigint
        numero_lot bigint
        date_lot bigint
        envoyee_le bigint
        annulee bigint
        organisme text
        remplacant text
        remplacee_par bigint
        racine bigint
        en_route bigint
        accuse text""",
        "cabinet prestataire numero",
    ),
    make_relation(
        "chaine_payee",
        Role.VUE,
        "cabinet text\nprestataire text\nracine bigint\npartie text\npaye bigint\npayees bigint\ndemande bigint",
        "cabinet prestataire racine partie",
    ),
    make_relation(
        "double_paiement",
        Role.VUE,
        _INVOICE + "partie text\nremplacee_par bigint\nmontant bigint\nderniere_le bigint",
        "cabinet prestataire numero partie",
    ),
    make_relation(
        "dette",
        Role.VUE,
        """cabinet text
        prestataire text
        emetteur text
        reference text
        nature text
        date_creance bigint
        mouvements bigint
        retenu bigint
        solde bigint
        premiere_le bigint
        derniere_le bigint
        fichier text
        rang bigint
        numero bigint
        notifiee_le bigint
        acte bigint""",
        "cabinet fichier rang",
    ),
    *banque.VIEWS,
)

RECEIVED = (
    make_relation(
        "part_retour",
        Role.RECUE,
        _LINE
        + """partie text
        rang_ligne bigint
        demande bigint null
        etat text null
        paye bigint
        octet bigint""",
        "cabinet fichier rang partie",
    ),
    make_relation(
        "rejet_retour",
        Role.RECUE,
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
        "ligne_retour",
        Role.RECUE,
        _LINE
        + """numero bigint
        hors_numero text
        prestataire text
        numero_lot bigint
        date_lot bigint
        code_retour text null
        type_facture text null
        date_comptable bigint
        fichier_le bigint
        fichier_id text
        rang_virement bigint
        paye bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "forfait_retour",
        Role.RECUE,
        _LINE
        + """rang_virement bigint
        prestataire text
        code text
        montant bigint
        details bigint
        debut bigint null
        fin bigint null
        date_comptable bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "creance_retour",
        Role.RECUE,
        _LINE
        + """fichier_le bigint
        fichier_id text
        rang_virement bigint
        emetteur text
        prestataire text
        reference text
        nature text
        operation text
        date_creance bigint
        montant bigint
        retenue bigint
        solde bigint
        date_comptable bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "virement",
        Role.RECUE,
        _LINE
        + """date_comptable bigint
        libelle_1 text null
        libelle_2 text null
        payeur text null
        beneficiaire text
        montant bigint null
        lignes bigint
        parts bigint
        forfaits bigint
        retenues bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
)

_CLASSED = _LINE + "prestataire text\nnumero bigint\n"

# The keys of the states start with the number, so that the rows of a block, written again together, lie together.
DERIVED = (
    make_relation("appariement", Role.DERIVEE, _CLASSED + "politique text", "cabinet fichier rang"),
    make_relation("residu", Role.DERIVEE, _CLASSED + "hors_numero text\nnature text", "cabinet fichier rang"),
    make_relation(
        "etat_part",
        Role.DERIVEE,
        _INVOICE
        + """partie text
        demande bigint
        paye bigint
        saisi bigint
        retours bigint
        etat text
        dernier text
        derniere_le bigint
        acte bigint""",
        "cabinet numero prestataire partie",
    ),
    make_relation(
        "etat_facture",
        Role.DERIVEE,
        _INVOICE + "etat text\nremplacee_par bigint\nracine bigint",
        "cabinet numero prestataire",
    ),
    make_relation(
        "ecart_demande",
        Role.DERIVEE,
        _LINE
        + """partie text
        rang_ligne bigint
        prestataire text
        numero bigint
        demande bigint
        demande_retour bigint""",
        "cabinet fichier rang partie",
    ),
)

PROVED = banque.PROVED

STORED = (*RECEIVED, *DERIVED, *PROVED)

RELATIONS = {relation.name: relation for relation in (*FACTS, *ASKED, *VIEWS, *STORED, *RESULTS)}

INDEXES = (
    *(Index(f"noemie_{type}", ("cabinet", "fichier", "rang_parent")) for type in ("210", "262", "290", "990")),
    Index("ligne_retour", BLOCK),
    *(Index(name, ("cabinet", "fichier", "rang_ligne")) for name in ("part_retour", "rejet_retour")),
    Index("ligne_retour", ("cabinet", "rang_virement")),
    Index("creance_retour", ("cabinet", "prestataire", "emetteur", "reference")),
    Index("residu", BLOCK),
    *(Index(name, ("cabinet", "numero")) for name in ("appariement", "ecart_demande")),
    Index("etat_facture", ("cabinet", "etat")),
    Index("etat_facture", ("cabinet", "racine")),
    Index("etat_part", ("cabinet", "dernier")),
    *banque.INDEXES,
)
"""Those of the stored relations and of the entities; the facts have their own."""
