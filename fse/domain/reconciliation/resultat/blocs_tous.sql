-- Every block there is, of an invoice, of a return line or of what a line is attached to by hand: what a full rebuild
-- computes.
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
UNION
SELECT
    r.cabinet,
    r.numero,
    '' AS hors_numero
FROM perimetre q
JOIN rattachement r ON r.cabinet = q.cabinet
