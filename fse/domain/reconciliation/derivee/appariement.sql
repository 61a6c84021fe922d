-- Return lines matched with an invoice of the asked blocks, and the policy that matched them (policies.py names them).
-- An invoice matches when it has left and is not cancelled; its number is unique for ever for its prestataire.
-- A line attached by hand goes where it was attached, and nowhere else. Else what agrees on the lot goes before what does
-- not: with one payee designated for several, the same number says little. When several invoices match equally, none
-- does: so it is of a line without a lot that may mean an invoice of ours and one that we are paid for.
WITH libre AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.prestataire,
        l.numero,
        l.numero_lot,
        l.date_lot
    FROM bloc b
    JOIN ligne_retour l ON l.cabinet = b.cabinet AND l.numero = b.numero AND l.hors_numero = b.hors_numero
    WHERE
        b.numero > 0
        AND l.prestataire <> ''
        AND NOT EXISTS (
            SELECT 1
            FROM rattachement r
            WHERE r.cabinet = l.cabinet AND r.fichier = l.fichier AND r.rang = l.rang
        )
),
exacte AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.prestataire,
        l.numero
    FROM libre l
    JOIN facture_suivie f ON f.cabinet = l.cabinet AND f.prestataire = l.prestataire AND f.numero = l.numero
    WHERE
        f.annulee = 0
        AND f.envoyee_le > 0
        AND l.numero_lot > 0
        AND l.numero_lot = f.numero_lot
        AND l.date_lot = f.date_lot
),
candidate AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        f.prestataire,
        l.numero,
        CASE
            WHEN f.prestataire = l.prestataire THEN 'numero_unique'
            WHEN f.remplacant = l.prestataire THEN 'remplacant'
            ELSE 'mandataire'
        END AS politique,
        CASE
            WHEN l.numero_lot = 0 THEN 1
            WHEN f.prestataire = l.prestataire THEN 3
            WHEN f.remplacant = l.prestataire THEN 1
            ELSE 2
        END AS ordre
    FROM libre l
    LEFT JOIN exacte e ON e.cabinet = l.cabinet AND e.fichier = l.fichier AND e.rang = l.rang
    JOIN facture_suivie f ON f.cabinet = l.cabinet AND f.numero = l.numero
    LEFT JOIN mandat m
        ON m.cabinet = l.cabinet AND m.beneficiaire = l.prestataire AND m.prestataire = f.prestataire
    WHERE
        e.rang IS NULL
        AND f.annulee = 0
        AND f.envoyee_le > 0
        AND (
            f.prestataire = l.prestataire
            OR (
                (f.remplacant = l.prestataire OR m.beneficiaire IS NOT NULL)
                AND (l.numero_lot = 0 OR (l.numero_lot = f.numero_lot AND l.date_lot = f.date_lot))
            )
        )
),
classe AS (
    SELECT
        c.cabinet,
        c.fichier,
        c.rang,
        c.prestataire,
        c.numero,
        c.politique,
        c.ordre,
        ROW_NUMBER() OVER (
            PARTITION BY c.cabinet, c.fichier, c.rang ORDER BY c.ordre NULLS LAST, c.prestataire
        ) AS place,
        LEAD(c.ordre) OVER (
            PARTITION BY c.cabinet, c.fichier, c.rang ORDER BY c.ordre NULLS LAST, c.prestataire
        ) AS suivante
    FROM candidate c
)
SELECT
    e.cabinet,
    e.fichier,
    e.rang,
    e.prestataire,
    e.numero,
    'exacte' AS politique
FROM exacte e
UNION ALL
SELECT
    c.cabinet,
    c.fichier,
    c.rang,
    c.prestataire,
    c.numero,
    c.politique
FROM classe c
WHERE c.place = 1 AND (c.suivante IS NULL OR c.suivante > c.ordre)
UNION ALL
SELECT
    r.cabinet,
    r.fichier,
    r.rang,
    r.prestataire,
    r.numero,
    'manuelle' AS politique
FROM bloc b
JOIN rattachement r ON r.cabinet = b.cabinet AND r.numero = b.numero
JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
WHERE b.hors_numero = ''
