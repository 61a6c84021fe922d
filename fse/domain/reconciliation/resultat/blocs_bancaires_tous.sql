-- Every block of the bank there is, and those of what is stored: what a full rebuild computes.
SELECT
    l.cabinet,
    l.reference,
    0 AS montant
FROM perimetre q
JOIN lien_possible l ON l.cabinet = q.cabinet
WHERE l.reference <> ''
UNION
SELECT
    l.cabinet,
    '' AS reference,
    l.montant
FROM perimetre q
JOIN lien_possible l ON l.cabinet = q.cabinet
UNION
SELECT
    m.cabinet,
    '' AS reference,
    m.montant
FROM perimetre q
JOIN preuve_manuelle a ON a.cabinet = q.cabinet
JOIN mouvement_bancaire m ON m.cabinet = a.cabinet AND m.fichier = a.fichier AND m.rang = a.rang
UNION
SELECT
    r.cabinet,
    r.reference,
    r.montant
FROM perimetre q
JOIN rapprochement_bancaire r ON r.cabinet = q.cabinet
