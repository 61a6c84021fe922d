-- One row a 261: a lump sum or a one-off payment, which answers no invoice. details: how many 262 say what it is made of.
-- Prestataire and day as for a line (ligne_retour).
WITH detail AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang_parent,
        COUNT(p.rang) AS details,
        MIN(p.date_debut) AS debut,
        MAX(p.date_fin) AS fin
    FROM fichier_touche k
    JOIN noemie_262 p ON p.cabinet = k.cabinet AND p.fichier = k.fichier
    GROUP BY p.cabinet, p.fichier, p.rang_parent
)
SELECT
    m.cabinet,
    m.fichier,
    m.rang,
    COALESCE(v.rang, w.rang, 0) AS rang_virement,
    COALESCE(i.prestataire, '') AS prestataire,
    COALESCE(m.code_paiement, '') AS code,
    COALESCE(m.montant, 0) AS montant,
    COALESCE(p.details, 0) AS details,
    p.debut,
    p.fin,
    COALESCE(v.date_comptable, w.date_comptable, e.date_creation, 0) AS date_comptable,
    m.octet
FROM fichier_touche k
JOIN noemie_261 m ON m.cabinet = k.cabinet AND m.fichier = k.fichier
LEFT JOIN detail p ON p.cabinet = m.cabinet AND p.fichier = m.fichier AND p.rang_parent = m.rang
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
