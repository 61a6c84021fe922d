-- Return lines of the asked blocks that no policy matched, each under one name (policies.py gives the order).
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    l.prestataire,
    l.numero,
    CASE
        WHEN l.prestataire = '' THEN 'prestataire_illisible'
        WHEN f.annulee = 1 THEN 'facture_annulee'
        WHEN f.envoyee_le = 0 THEN 'facture_non_emise'
        WHEN c.prestataire IS NULL THEN 'autre_prestataire'
        WHEN l.numero = 0 THEN 'numero_illisible'
        ELSE 'facture_inconnue'
    END AS nature
FROM bloc b
JOIN ligne_retour l ON l.cabinet = b.cabinet AND l.prestataire = b.prestataire AND l.numero = b.numero
LEFT JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.prestataire = b.prestataire AND f.numero = b.numero
LEFT JOIN prestataire c ON c.cabinet = b.cabinet AND c.prestataire = b.prestataire
LEFT JOIN appariement a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang
WHERE a.rang IS NULL
