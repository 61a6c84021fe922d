-- One row a debt that a payer recovers from a prestataire, told over months: what its operations withheld in all, the
-- balance and the day of the last one. A debt is known by who sends the return and by its reference: two payers may use
-- one reference. Without a reference each operation stands alone. No entity names its invoice.
WITH suite AS (
    SELECT
        c.cabinet,
        c.prestataire,
        c.emetteur,
        c.reference,
        CASE WHEN c.reference = '' THEN c.fichier ELSE '' END AS seul_fichier,
        CASE WHEN c.reference = '' THEN c.rang ELSE 0 END AS seul_rang,
        c.nature,
        c.date_creance,
        c.solde,
        c.date_comptable,
        c.fichier,
        c.rang,
        ROW_NUMBER() OVER (
            PARTITION BY
                c.cabinet,
                c.prestataire,
                c.emetteur,
                c.reference,
                CASE WHEN c.reference = '' THEN c.fichier ELSE '' END,
                CASE WHEN c.reference = '' THEN c.rang ELSE 0 END
            ORDER BY
                c.date_comptable DESC NULLS LAST,
                c.fichier_le DESC NULLS LAST,
                c.fichier_id DESC NULLS LAST,
                c.fichier DESC,
                c.rang DESC
        ) AS place
    FROM creance_retour c
),
total AS (
    SELECT
        c.cabinet,
        c.prestataire,
        c.emetteur,
        c.reference,
        CASE WHEN c.reference = '' THEN c.fichier ELSE '' END AS seul_fichier,
        CASE WHEN c.reference = '' THEN c.rang ELSE 0 END AS seul_rang,
        COUNT(c.rang) AS mouvements,
        CAST(SUM(c.retenue) AS BIGINT) AS retenu,
        MIN(c.date_comptable) AS premiere_le
    FROM creance_retour c
    GROUP BY
        c.cabinet,
        c.prestataire,
        c.emetteur,
        c.reference,
        CASE WHEN c.reference = '' THEN c.fichier ELSE '' END,
        CASE WHEN c.reference = '' THEN c.rang ELSE 0 END
)
SELECT
    s.cabinet,
    s.prestataire,
    s.emetteur,
    s.reference,
    s.nature,
    s.date_creance,
    t.mouvements,
    t.retenu,
    s.solde,
    t.premiere_le,
    s.date_comptable AS derniere_le,
    s.fichier,
    s.rang,
    COALESCE(n.numero, 0) AS numero,
    COALESCE(n.notifiee_le, 0) AS notifiee_le,
    COALESCE(n.acte, 0) AS acte
FROM suite s
JOIN total t
    ON t.cabinet = s.cabinet
    AND t.prestataire = s.prestataire
    AND t.emetteur = s.emetteur
    AND t.reference = s.reference
    AND t.seul_fichier = s.seul_fichier
    AND t.seul_rang = s.seul_rang
LEFT JOIN creance_rattachee n
    ON n.cabinet = s.cabinet
    AND n.prestataire = s.prestataire
    AND n.emetteur = s.emetteur
    AND n.reference = s.reference
    AND s.reference <> ''
WHERE s.place = 1
