-- Transfers matched with movements of the account, in the asked blocks, and the policy that matched them (policies.py names
-- them, in the order in which they are tried); 'ambigue': several answer equally well, and none is a proof.
-- Two kinds of block, and what stands in one never depends on what was matched in another. (reference, 0): the transfers
-- of this second label, and the movements of which it is the longest that they hold. ('', amount): the transfers of this
-- amount whose second label no movement holds, and the movements of this amount that hold none, but the first label; and
-- what is settled by hand, by the amount of the movement.
WITH vise AS (
    SELECT DISTINCT
        l.cabinet,
        l.fichier,
        l.rang
    FROM bloc_bancaire b
    JOIN lien_bancaire l ON l.cabinet = b.cabinet AND l.reference = b.reference
    WHERE b.reference <> ''
),
nommee AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.reference,
        ROW_NUMBER() OVER (
            PARTITION BY l.cabinet, l.fichier, l.rang
            ORDER BY
                LENGTH(l.reference) DESC NULLS LAST,
                l.reference NULLS LAST,
                l.fichier_virement NULLS LAST,
                l.rang_virement
        ) AS place
    FROM vise s
    JOIN lien_bancaire l ON l.cabinet = s.cabinet AND l.fichier = s.fichier AND l.rang = s.rang
    WHERE l.reference <> ''
),
candidat AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.fichier_virement,
        l.rang_virement,
        l.montant,
        l.montant_virement,
        l.libelle_1,
        l.reference
    FROM nommee n
    JOIN bloc_bancaire b ON b.cabinet = n.cabinet AND b.reference = n.reference
    JOIN lien_bancaire l
        ON l.cabinet = n.cabinet AND l.fichier = n.fichier AND l.rang = n.rang AND l.reference = n.reference
    WHERE n.place = 1
),
egal AS (
    SELECT
        c.cabinet,
        c.fichier,
        c.rang,
        c.fichier_virement,
        c.rang_virement,
        c.reference,
        0 AS montant,
        1 + c.libelle_1 AS force
    FROM candidat c
    WHERE c.montant = c.montant_virement
    UNION ALL
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.fichier_virement,
        l.rang_virement,
        '' AS reference,
        b.montant,
        1 AS force
    FROM bloc_bancaire b
    JOIN lien_bancaire l
        ON l.cabinet = b.cabinet AND l.montant = b.montant AND l.montant_virement = b.montant
    WHERE
        b.reference = ''
        AND l.reference = ''
        AND l.libelle_1 = 1
        AND NOT EXISTS (
            SELECT 1
            FROM lien_bancaire m
            WHERE m.cabinet = l.cabinet AND m.fichier = l.fichier AND m.rang = l.rang AND m.reference <> ''
        )
        AND NOT EXISTS (
            SELECT 1
            FROM lien_bancaire t
            WHERE
                t.cabinet = l.cabinet
                AND t.fichier_virement = l.fichier_virement
                AND t.rang_virement = l.rang_virement
                AND t.reference <> ''
        )
),
force_mouvement AS (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang,
        MAX(e.force) AS force
    FROM egal e
    GROUP BY e.cabinet, e.fichier, e.rang
),
force_virement AS (
    SELECT
        e.cabinet,
        e.fichier_virement,
        e.rang_virement,
        MAX(e.force) AS force
    FROM egal e
    GROUP BY e.cabinet, e.fichier_virement, e.rang_virement
),
retenu AS (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang,
        e.fichier_virement,
        e.rang_virement,
        e.reference,
        e.montant,
        e.force
    FROM egal e
    JOIN force_mouvement m
        ON m.cabinet = e.cabinet AND m.fichier = e.fichier AND m.rang = e.rang AND m.force = e.force
    JOIN force_virement v
        ON v.cabinet = e.cabinet
        AND v.fichier_virement = e.fichier_virement
        AND v.rang_virement = e.rang_virement
        AND v.force = e.force
),
nombre_mouvement AS (
    SELECT
        r.cabinet,
        r.fichier,
        r.rang,
        COUNT(r.rang_virement) AS nombre
    FROM retenu r
    GROUP BY r.cabinet, r.fichier, r.rang
),
nombre_virement AS (
    SELECT
        r.cabinet,
        r.fichier_virement,
        r.rang_virement,
        COUNT(r.rang) AS nombre
    FROM retenu r
    GROUP BY r.cabinet, r.fichier_virement, r.rang_virement
),
libre AS (
    SELECT
        c.cabinet,
        c.fichier,
        c.rang,
        c.fichier_virement,
        c.rang_virement,
        c.montant,
        c.montant_virement,
        c.reference
    FROM candidat c
    LEFT JOIN force_mouvement m ON m.cabinet = c.cabinet AND m.fichier = c.fichier AND m.rang = c.rang
    LEFT JOIN force_virement v
        ON v.cabinet = c.cabinet
        AND v.fichier_virement = c.fichier_virement
        AND v.rang_virement = c.rang_virement
    WHERE m.rang IS NULL AND v.rang_virement IS NULL
),
part_mouvement AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        COUNT(l.rang_virement) AS nombre,
        CAST(SUM(l.montant_virement) AS BIGINT) AS total
    FROM libre l
    GROUP BY l.cabinet, l.fichier, l.rang
),
part_virement AS (
    SELECT
        l.cabinet,
        l.fichier_virement,
        l.rang_virement,
        COUNT(l.rang) AS nombre,
        CAST(SUM(l.montant) AS BIGINT) AS total
    FROM libre l
    GROUP BY l.cabinet, l.fichier_virement, l.rang_virement
),
partage AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.fichier_virement,
        l.rang_virement,
        l.reference,
        l.montant,
        l.montant_virement,
        m.nombre AS virements,
        m.total AS total_virements,
        v.nombre AS mouvements,
        v.total AS total_mouvements
    FROM libre l
    JOIN part_mouvement m ON m.cabinet = l.cabinet AND m.fichier = l.fichier AND m.rang = l.rang
    JOIN part_virement v
        ON v.cabinet = l.cabinet
        AND v.fichier_virement = l.fichier_virement
        AND v.rang_virement = l.rang_virement
),
dispute_virement AS (
    SELECT DISTINCT
        p.cabinet,
        p.fichier_virement,
        p.rang_virement
    FROM partage p
    WHERE p.virements > 1
),
dispute_mouvement AS (
    SELECT DISTINCT
        p.cabinet,
        p.fichier,
        p.rang
    FROM partage p
    WHERE p.mouvements > 1
)
SELECT
    r.cabinet,
    r.reference,
    r.montant,
    r.fichier_virement,
    r.rang_virement,
    r.fichier,
    r.rang,
    CASE
        WHEN m.nombre > 1 OR v.nombre > 1 THEN 'ambigue'
        WHEN r.force = 2 THEN 'deux_libelles'
        ELSE 'un_libelle'
    END AS politique
FROM retenu r
JOIN nombre_mouvement m ON m.cabinet = r.cabinet AND m.fichier = r.fichier AND m.rang = r.rang
JOIN nombre_virement v
    ON v.cabinet = r.cabinet
    AND v.fichier_virement = r.fichier_virement
    AND v.rang_virement = r.rang_virement
UNION ALL
SELECT
    p.cabinet,
    p.reference,
    0 AS montant,
    p.fichier_virement,
    p.rang_virement,
    p.fichier,
    p.rang,
    'plusieurs_lignes' AS politique
FROM partage p
LEFT JOIN dispute_virement d
    ON d.cabinet = p.cabinet AND d.fichier_virement = p.fichier_virement AND d.rang_virement = p.rang_virement
WHERE p.mouvements > 1 AND p.total_mouvements = p.montant_virement AND d.rang_virement IS NULL
UNION ALL
SELECT
    p.cabinet,
    p.reference,
    0 AS montant,
    p.fichier_virement,
    p.rang_virement,
    p.fichier,
    p.rang,
    'plusieurs_virements' AS politique
FROM partage p
LEFT JOIN dispute_mouvement d ON d.cabinet = p.cabinet AND d.fichier = p.fichier AND d.rang = p.rang
WHERE p.virements > 1 AND p.total_virements = p.montant AND d.rang IS NULL
UNION ALL
SELECT
    a.cabinet,
    '' AS reference,
    m.montant,
    a.fichier_virement,
    a.rang_virement,
    a.fichier,
    a.rang,
    'manuelle' AS politique
FROM bloc_bancaire b
JOIN mouvement_bancaire m ON m.cabinet = b.cabinet AND m.montant = b.montant
JOIN preuve_manuelle a ON a.cabinet = m.cabinet AND a.fichier = m.fichier AND a.rang = m.rang
WHERE b.reference = ''
