-- The blocks of the bank that some files touch, statements or returns: those of what their movements or their transfers
-- are linked with, now or before a person settled it. A new label may be the longest that a movement holds: the blocks of
-- all that it holds are touched. What is stored of them is touched too: an act that settled it may be annulled.
WITH touche AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.montant,
        l.montant_virement,
        l.reference
    FROM fichier_touche t
    JOIN lien_possible l ON l.cabinet = t.cabinet AND l.fichier = t.fichier
    UNION
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.montant,
        l.montant_virement,
        l.reference
    FROM fichier_touche t
    JOIN lien_possible l ON l.cabinet = t.cabinet AND l.fichier_virement = t.fichier
)
SELECT
    l.cabinet,
    l.reference,
    0 AS montant
FROM touche l
WHERE l.reference <> ''
UNION
SELECT
    o.cabinet,
    o.reference,
    0 AS montant
FROM touche l
JOIN lien_possible o ON o.cabinet = l.cabinet AND o.fichier = l.fichier AND o.rang = l.rang
WHERE o.reference <> ''
UNION
SELECT
    l.cabinet,
    '' AS reference,
    l.montant
FROM touche l
UNION
SELECT
    l.cabinet,
    '' AS reference,
    l.montant_virement AS montant
FROM touche l
UNION
SELECT
    m.cabinet,
    '' AS reference,
    m.montant
FROM fichier_touche t
JOIN preuve_manuelle a ON a.cabinet = t.cabinet AND a.fichier = t.fichier
JOIN mouvement_bancaire m ON m.cabinet = a.cabinet AND m.fichier = a.fichier AND m.rang = a.rang
UNION
SELECT
    r.cabinet,
    r.reference,
    r.montant
FROM fichier_touche t
JOIN rapprochement_bancaire r ON r.cabinet = t.cabinet AND r.fichier = t.fichier
