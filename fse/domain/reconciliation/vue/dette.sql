-- One row a debt that a payer recovers from a prestataire, told over months: what its operations withheld in all, how
-- much was withheld or only told, the balance and the day of the last one. No entity names its invoice.
WITH suite AS (
    SELECT
        c.cabinet,
        c.prestataire,
        c.reference,
        c.nature,
        c.date_creance,
        c.retenue,
        c.solde,
        c.date_comptable,
        c.fichier,
        c.rang,
        ROW_NUMBER() OVER (
            PARTITION BY c.cabinet, c.prestataire, c.reference
            ORDER BY c.date_comptable DESC NULLS LAST, c.fichier DESC, c.rang DESC
        ) AS place
    FROM creance_retour c
),
total AS (
    SELECT
        c.cabinet,
        c.prestataire,
        c.reference,
        COUNT(c.rang) AS mouvements,
        CAST(SUM(c.retenue) AS BIGINT) AS retenu,
        MIN(c.date_comptable) AS premiere_le
    FROM creance_retour c
    GROUP BY c.cabinet, c.prestataire, c.reference
)
SELECT
    s.cabinet,
    s.prestataire,
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
JOIN total t ON t.cabinet = s.cabinet AND t.prestataire = s.prestataire AND t.reference = s.reference
LEFT JOIN creance_rattachee n
    ON n.cabinet = s.cabinet AND n.prestataire = s.prestataire AND n.reference = s.reference
WHERE s.place = 1
