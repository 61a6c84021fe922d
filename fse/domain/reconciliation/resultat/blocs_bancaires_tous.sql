-- Every block of the bank there is: what a full rebuild computes.
SELECT
    l.cabinet,
    l.reference,
    0 AS montant
FROM perimetre q
JOIN lien_possible l ON l.cabinet = q.cabinet
WHERE l.reference <> ''
UNION
SELECT
    m.cabinet,
    '' AS reference,
    m.montant
FROM perimetre q
JOIN mouvement_bancaire m ON m.cabinet = q.cabinet
