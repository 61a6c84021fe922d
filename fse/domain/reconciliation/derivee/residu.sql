-- Return lines of the asked blocks that no policy matched, each under one name (policies.py gives the order).
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    l.prestataire,
    l.numero,
    l.hors_numero,
    CASE
        WHEN l.prestataire = '' THEN 'prestataire_illisible'
        WHEN
            l.numero = 0
            AND (
                c.prestataire IS NOT NULL
                OR EXISTS (SELECT 1 FROM mandat n WHERE n.cabinet = l.cabinet AND n.beneficiaire = l.prestataire)
            ) THEN 'numero_illisible'
        WHEN f.annulee = 1 THEN 'facture_annulee'
        WHEN f.envoyee_le = 0 THEN 'facture_non_emise'
        WHEN EXISTS (
            SELECT 1
            FROM facture_suivie g
            LEFT JOIN mandat m
                ON m.cabinet = g.cabinet AND m.prestataire = g.prestataire AND m.beneficiaire <> g.prestataire
            WHERE
                g.cabinet = l.cabinet
                AND g.numero = l.numero
                AND g.annulee = 0
                AND g.envoyee_le > 0
                AND (g.remplacant = l.prestataire OR m.beneficiaire = l.prestataire)
                AND (l.numero_lot = 0 OR (l.numero_lot = g.numero_lot AND l.date_lot = g.date_lot))
        ) THEN 'ambigue'
        WHEN l.numero > 0 AND l.numero <= p.dernier_numero THEN 'anterieur_a_la_reprise'
        WHEN c.dernier_numero > 0 AND (l.numero < c.premier_numero OR l.numero > c.dernier_numero) THEN 'autre_poste'
        WHEN
            c.prestataire IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM mandat n WHERE n.cabinet = l.cabinet AND n.beneficiaire = l.prestataire
            ) THEN 'autre_prestataire'
        ELSE 'facture_inconnue'
    END AS nature
FROM bloc b
JOIN ligne_retour l ON l.cabinet = b.cabinet AND l.numero = b.numero AND l.hors_numero = b.hors_numero
LEFT JOIN appariement a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang
LEFT JOIN facture_suivie f ON f.cabinet = l.cabinet AND f.prestataire = l.prestataire AND f.numero = l.numero
LEFT JOIN prestataire c ON c.cabinet = l.cabinet AND c.prestataire = l.prestataire
LEFT JOIN reprise p ON p.cabinet = l.cabinet AND p.prestataire = l.prestataire
WHERE a.rang IS NULL
