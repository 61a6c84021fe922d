-- Transfers matched with movements of the account, in the asked blocks, and the policy that matched them (policies.py names
-- them, in the order in which they are tried); 'ambigue': several answer equally well, and none is a proof.
-- Two kinds of block, and what stands in one never depends on what was matched in another. (reference, 0): the transfers
-- of this second label, and the movements of which it is the longest that they hold; a movement that holds two as long
-- stands in both blocks, is ambiguous when transfers of both are of its amount, and is never part of a sum. ('', amount):
-- the transfers of this amount whose second label no movement holds, and the movements of this amount that hold none, but
-- the first label; and what is settled by hand, by the amount of the movement.
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
        l.fichier_virement,
        l.rang_virement,
        l.montant,
        l.montant_virement,
        l.libelle_1,
        l.reference,
        CASE WHEN l.montant = l.montant_virement THEN 1 + l.libelle_1 ELSE 0 END AS force,
        LENGTH(l.reference) AS longueur,
        MAX(LENGTH(l.reference)) OVER (PARTITION BY l.cabinet, l.fichier, l.rang ORDER BY l.cabinet) AS longueur_max
    FROM vise s
    JOIN lien_bancaire l ON l.cabinet = s.cabinet AND l.fichier = s.fichier AND l.rang = s.rang
    WHERE l.reference <> ''
),
visee AS (
    SELECT
        n.cabinet,
        n.fichier,
        n.rang,
        n.fichier_virement,
        n.rang_virement,
        n.montant,
        n.montant_virement,
        n.reference,
        n.force,
        MAX(n.force) OVER (PARTITION BY n.cabinet, n.fichier, n.rang ORDER BY n.cabinet) AS force_max,
        MAX(n.force) OVER (
            PARTITION BY n.cabinet, n.fichier, n.rang, n.reference ORDER BY n.cabinet
        ) AS force_reference,
        ROW_NUMBER() OVER (
            PARTITION BY n.cabinet, n.fichier, n.rang, n.reference
            ORDER BY n.fichier_virement NULLS LAST, n.rang_virement
        ) AS place
    FROM nommee n
    WHERE n.longueur = n.longueur_max
),
comptee AS (
    SELECT
        v.cabinet,
        v.fichier,
        v.rang,
        v.fichier_virement,
        v.rang_virement,
        v.montant,
        v.montant_virement,
        v.reference,
        v.force,
        v.force_max,
        CAST(
            SUM(CASE WHEN v.place = 1 THEN 1 ELSE 0 END) OVER (
                PARTITION BY v.cabinet, v.fichier, v.rang ORDER BY v.cabinet
            ) AS BIGINT
        ) AS references_egales,
        CAST(
            SUM(CASE WHEN v.place = 1 AND v.force_reference = v.force_max THEN 1 ELSE 0 END) OVER (
                PARTITION BY v.cabinet, v.fichier, v.rang ORDER BY v.cabinet
            ) AS BIGINT
        ) AS aussi_fortes
    FROM visee v
),
candidat AS (
    SELECT
        c.cabinet,
        c.fichier,
        c.rang,
        c.fichier_virement,
        c.rang_virement,
        c.montant,
        c.montant_virement,
        c.reference,
        c.force,
        c.force_max,
        c.references_egales,
        c.aussi_fortes
    FROM comptee c
    JOIN bloc_bancaire b ON b.cabinet = c.cabinet AND b.reference = c.reference
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
        c.force,
        c.force_max,
        c.aussi_fortes
    FROM candidat c
    WHERE c.force > 0
    UNION ALL
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.fichier_virement,
        l.rang_virement,
        '' AS reference,
        b.montant,
        1 AS force,
        1 AS force_max,
        1 AS aussi_fortes
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
pese AS (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang,
        e.fichier_virement,
        e.rang_virement,
        e.reference,
        e.montant,
        e.force,
        e.force_max AS force_mouvement,
        e.aussi_fortes,
        MAX(e.force) OVER (
            PARTITION BY e.cabinet, e.fichier_virement, e.rang_virement ORDER BY e.cabinet
        ) AS force_virement
    FROM egal e
),
retenu AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang,
        p.fichier_virement,
        p.rang_virement,
        p.reference,
        p.montant,
        p.force,
        p.aussi_fortes,
        COUNT(p.rang) OVER (PARTITION BY p.cabinet, p.fichier, p.rang ORDER BY p.cabinet) AS virements,
        COUNT(p.rang) OVER (
            PARTITION BY p.cabinet, p.fichier_virement, p.rang_virement ORDER BY p.cabinet
        ) AS mouvements
    FROM pese p
    WHERE p.force = p.force_mouvement AND p.force = p.force_virement
),
mouvement_egal AS (
    SELECT DISTINCT
        e.cabinet,
        e.fichier,
        e.rang
    FROM egal e
),
virement_egal AS (
    SELECT DISTINCT
        e.cabinet,
        e.fichier_virement,
        e.rang_virement
    FROM egal e
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
        c.reference,
        c.references_egales
    FROM candidat c
    LEFT JOIN mouvement_egal m ON m.cabinet = c.cabinet AND m.fichier = c.fichier AND m.rang = c.rang
    LEFT JOIN virement_egal v
        ON v.cabinet = c.cabinet
        AND v.fichier_virement = c.fichier_virement
        AND v.rang_virement = c.rang_virement
    WHERE m.rang IS NULL AND v.rang_virement IS NULL
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
        MAX(l.references_egales) OVER (
            PARTITION BY l.cabinet, l.fichier_virement, l.rang_virement ORDER BY l.cabinet
        ) AS references_egales,
        COUNT(l.rang) OVER (PARTITION BY l.cabinet, l.fichier, l.rang ORDER BY l.cabinet) AS virements,
        CAST(
            SUM(l.montant_virement) OVER (PARTITION BY l.cabinet, l.fichier, l.rang ORDER BY l.cabinet) AS BIGINT
        ) AS total_virements,
        COUNT(l.rang) OVER (
            PARTITION BY l.cabinet, l.fichier_virement, l.rang_virement ORDER BY l.cabinet
        ) AS mouvements,
        CAST(
            SUM(l.montant) OVER (
                PARTITION BY l.cabinet, l.fichier_virement, l.rang_virement ORDER BY l.cabinet
            ) AS BIGINT
        ) AS total_mouvements
    FROM libre l
),
seul AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang,
        p.fichier_virement,
        p.rang_virement,
        p.reference,
        p.montant,
        p.montant_virement,
        p.references_egales,
        p.virements,
        p.total_virements,
        p.mouvements,
        p.total_mouvements,
        MAX(p.virements) OVER (
            PARTITION BY p.cabinet, p.fichier_virement, p.rang_virement ORDER BY p.cabinet
        ) AS virements_disputes,
        MAX(p.mouvements) OVER (PARTITION BY p.cabinet, p.fichier, p.rang ORDER BY p.cabinet) AS mouvements_disputes
    FROM partage p
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
        WHEN r.virements > 1 OR r.mouvements > 1 OR r.aussi_fortes > 1 THEN 'ambigue'
        WHEN r.force = 2 THEN 'deux_libelles'
        ELSE 'un_libelle'
    END AS politique
FROM retenu r
UNION ALL
SELECT
    s.cabinet,
    s.reference,
    0 AS montant,
    s.fichier_virement,
    s.rang_virement,
    s.fichier,
    s.rang,
    'plusieurs_lignes' AS politique
FROM seul s
WHERE
    s.mouvements > 1
    AND s.virements_disputes = 1
    AND s.references_egales = 1
    AND s.total_mouvements = s.montant_virement
UNION ALL
SELECT
    s.cabinet,
    s.reference,
    0 AS montant,
    s.fichier_virement,
    s.rang_virement,
    s.fichier,
    s.rang,
    'plusieurs_virements' AS politique
FROM seul s
WHERE
    s.virements > 1
    AND s.mouvements_disputes = 1
    AND s.references_egales = 1
    AND s.total_virements = s.montant
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
