"""The relations that queries return: what the practice asks of its matching. Nothing of them is stored."""

from __future__ import annotations

from fse.domain.reconciliation import banque
from fse.domain.reconciliation.schema import Role, make_relation

_BLOCK = """
cabinet text
numero bigint
hors_numero text
"""
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

RESULTS = (
    make_relation("blocs_touches", Role.RESULTAT, _BLOCK, "cabinet numero hors_numero"),
    make_relation("blocs_tous", Role.RESULTAT, _BLOCK, "cabinet numero hors_numero"),
    make_relation("fichiers_tous", Role.RESULTAT, "cabinet text\nfichier text", "cabinet fichier"),
    make_relation(
        "suivi",
        Role.RESULTAT,
        _INVOICE
        + """partie text
        nature text
        montant bigint
        depuis bigint
        date_facture bigint
        envoyee_le bigint
        organisme text
        reference text
        fichier text
        rang bigint
        age bigint""",
        "cabinet prestataire numero partie nature fichier rang",
    ),
    make_relation(
        "parts_du_bloc",
        Role.RESULTAT,
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
        "cabinet prestataire numero partie",
    ),
    make_relation(
        "factures_du_bloc",
        Role.RESULTAT,
        _INVOICE + "etat text\nremplacee_par bigint",
        "cabinet prestataire numero",
    ),
    make_relation(
        "doubles_du_bloc",
        Role.RESULTAT,
        _INVOICE + "partie text\nremplacee_par bigint\nmontant bigint",
        "cabinet prestataire numero partie",
    ),
    make_relation(
        "parts_recues",
        Role.RESULTAT,
        _LINE
        + """partie text
        prestataire text
        numero bigint
        etat text
        demande bigint null
        paye bigint
        etat_part text""",
        "cabinet fichier rang partie",
    ),
    make_relation("residus_recus", Role.RESULTAT, _LINE + "numero bigint\nnature text", "cabinet fichier rang"),
    make_relation(
        "ecarts_recus",
        Role.RESULTAT,
        _LINE + "numero bigint\npartie text\ndemande bigint\ndemande_retour bigint",
        "cabinet fichier rang partie",
    ),
    make_relation(
        "suggestions",
        Role.RESULTAT,
        _LINE + "prestataire text\nnumero bigint\nmeme_assure bigint\nmeme_lot bigint\nmeme_montant bigint",
        "cabinet fichier rang prestataire numero",
    ),
    make_relation(
        "bilan",
        Role.RESULTAT,
        """cabinet text
        prestataire text
        factures bigint
        soldees bigint
        sans_retour_attendu bigint
        demande bigint
        paye bigint
        reste bigint
        corrige bigint
        couvert bigint
        regle_autrement bigint
        abandonne bigint
        trop_paye bigint""",
        "cabinet prestataire",
    ),
    make_relation(
        "dettes",
        Role.RESULTAT,
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
    make_relation(
        "mouvements_dette",
        Role.RESULTAT,
        """cabinet text
        prestataire text
        emetteur text
        reference text
        date_comptable bigint
        operation text
        montant bigint
        retenue bigint
        solde bigint
        fichier text
        rang bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "forfaits",
        Role.RESULTAT,
        """cabinet text
        prestataire text
        code text
        montant bigint
        details bigint
        debut bigint null
        fin bigint null
        date_comptable bigint
        fichier text
        rang bigint
        octet bigint""",
        "cabinet fichier rang",
    ),
    make_relation(
        "histoire_facture",
        Role.RESULTAT,
        _INVOICE
        + """etape bigint
        jour bigint null
        evenement text
        partie text
        code text
        libelle text
        niveau text
        numero_ligne bigint null
        ordre bigint null
        code_acte text
        numero_lot bigint null
        demande bigint null
        paye bigint null
        fichier text
        rang bigint
        rang_ligne bigint
        octet bigint null""",
        "cabinet prestataire numero etape evenement partie fichier rang_ligne rang",
    ),
    make_relation(
        "controle_virement",
        Role.RESULTAT,
        _LINE
        + """date_comptable bigint
        libelle_1 text null
        libelle_2 text null
        payeur text null
        beneficiaire text
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
        "repartition_virement",
        Role.RESULTAT,
        _LINE + "prestataire text\nlignes bigint\nfactures bigint\nforfaits bigint\nretenues bigint",
        "cabinet fichier rang prestataire",
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
    *banque.RESULTS,
)
