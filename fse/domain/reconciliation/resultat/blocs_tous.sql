-- Every block there is, of an invoice or of a return line: what a full rebuild computes.
SELECT
    f.cabinet,
    f.numero,
    '' AS hors_numero
FROM perimetre q
JOIN facture_emise f ON f.cabinet = q.cabinet
UNION
SELECT
    l.cabinet,
    l.numero,
    l.hors_numero
FROM perimetre q
JOIN ligne_retour l ON l.cabinet = q.cabinet
