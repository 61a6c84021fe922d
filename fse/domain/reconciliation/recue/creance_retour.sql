-- One row a 250: what happens to a debt. retenue: the signed amount that it takes from its transfer (operation RPR), 0
-- for the operations that only tell. Prestataire and day as for a line (ligne_retour). It names no invoice.
SELECT
    m.cabinet,
    m.fichier,
    m.rang,
    COALESCE(e.date_creation, 0) AS fichier_le,
    COALESCE(e.identifiant_fichier, '') AS fichier_id,
    COALESCE(v.rang, w.rang, 0) AS rang_virement,
    COALESCE(e.numero_emetteur, '') AS emetteur,
    COALESCE(i.prestataire, '') AS prestataire,
    COALESCE(m.reference_creance, '') AS reference,
    COALESCE(m.nature_creance, '') AS nature,
    COALESCE(m.operation, '') AS operation,
    COALESCE(m.date_creance, 0) AS date_creance,
    COALESCE(m.montant, 0) AS montant,
    CASE WHEN m.operation = 'RPR' THEN COALESCE(m.montant, 0) ELSE 0 END AS retenue,
    COALESCE(m.solde, 0) AS solde,
    COALESCE(v.date_comptable, w.date_comptable, e.date_creation, 0) AS date_comptable,
    m.octet
FROM fichier_touche k
JOIN noemie_250 m ON m.cabinet = k.cabinet AND m.fichier = k.fichier
LEFT JOIN noemie_081 t ON t.cabinet = m.cabinet AND t.fichier = m.fichier AND t.rang = m.rang_parent
LEFT JOIN noemie_080 o ON o.cabinet = m.cabinet AND o.fichier = m.fichier AND o.rang = m.rang_parent
LEFT JOIN noemie_071 v
    ON v.cabinet = m.cabinet AND v.fichier = m.fichier AND v.rang = COALESCE(t.rang_parent, o.rang_parent)
LEFT JOIN noemie_070 w
    ON w.cabinet = m.cabinet AND w.fichier = m.fichier AND w.rang = COALESCE(t.rang_parent, o.rang_parent)
LEFT JOIN noemie_040 d
    ON d.cabinet = m.cabinet AND d.fichier = m.fichier AND d.rang = COALESCE(v.rang_parent, w.rang_parent)
LEFT JOIN noemie_000 e ON e.cabinet = m.cabinet AND e.fichier = m.fichier
LEFT JOIN identifiant i
    ON i.cabinet = m.cabinet AND i.brut = COALESCE(t.lieu_execution, d.beneficiaire_reglement, e.numero_destinataire)
