"""Which attribute of the model each NOEMIE field carries (`fse.norm.codec.mapping`)."""

FICHIER = {
    "type_emetteur": "type_emetteur",
    "numero_emetteur": "numero_emetteur",
    "type_destinataire": "type_destinataire",
    "numero_destinataire": "numero_destinataire",
    "identifiant_fichier": "identifiant_fichier",
}

ENVELOPPE = FICHIER | {"date_creation": "date_creation", "marque": "marque"}
"""What the first record says; the last one repeats `FICHIER` and the marking."""

VIREMENT = {
    "date_comptable": "date_comptable",
    "libelle_virement_1": "libelle_virement_1",
    "libelle_virement_2": "libelle_virement_2",
    "organisme_payeur": "organisme_payeur",
}

MANDATAIRE = {"mandataire": "mandataire"}

BENEFICIAIRE = {"beneficiaire_reglement": "beneficiaire_reglement"}

TYPE_RETOUR = {"code_retour": "code_retour", "lieu_execution": "lieu_execution"}

FACTURE = {
    "numero_facture": "numero_facture",
    "complement": "complement",
    "numero_lot": "numero_lot",
    "date_lot": "date_lot",
    "type_facture": "type_facture",
    "date_facture": "date_facture",
    "traitement_amc": "traitement_amc",
    "nature_assurance": "nature_assurance",
}

ASSURE = {
    name: name
    for name in (
        *("nir", "cle_nir", "nom_naissance", "nom_usage", "prenom", "nir_individuel", "cle_nir_individuel"),
        *("date_naissance", "rang_naissance", "nom_beneficiaire", "prenom_beneficiaire", "unite_gestion"),
    )
}

PART_AMO = {"montant_demande": "montant_demande", "etat": "etat", "montant_rembourse": "montant_rembourse"}

PART_AMC = PART_AMO | {"numero_amc": "numero_amc", "numero_adherent": "numero_adherent"}

PARTS = {"AMO": ("198", PART_AMO), "AMC": ("199", PART_AMC)}
"""Entity and fields of each part of an invoice."""

REJET = {
    "code_rejet": "code_rejet",
    "libelle_rejet": "libelle_rejet",
    "niveau_rejet": "niveau",
    "partie": "partie",
    "code_acte": "code_acte",
    "date_soins": "date_soins",
    "executant": "executant",
    "numero_ligne": "numero_ligne",
    "rang_rejet": "rang_rejet",
    "information": "information",
}

COMMENTAIRE = {"code_commentaire": "code", "texte_commentaire": "texte"}

FORFAIT = {"code_paiement": "code_paiement", "montant": "montant"}

DETAIL = {
    "codification": "codification",
    "libelle_detail": "libelle",
    "nir": "nir",
    "cle_nir": "cle_nir",
    "date_naissance": "date_naissance",
    "rang_naissance": "rang_naissance",
    "periode": "periode",
    "date_debut": "date_debut",
    "date_fin": "date_fin",
    "montant": "montant",
}

MOUVEMENT = {
    "numero_ligne": "numero_ligne",
    "reference_creance": "reference_creance",
    "date_creance": "date_creance",
    "nature_creance": "nature_creance",
    "operation": "operation",
    "montant": "montant",
    "solde": "solde",
}
