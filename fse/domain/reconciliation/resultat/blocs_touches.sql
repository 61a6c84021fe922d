-- The blocks that the return lines of some files touch: their own, and those of the invoices they are attached to by
-- hand: what must be computed again once these files are booked.
SELECT
    l.cabinet,
    l.numero,
    l.hors_numero
FROM fichier_touche t
JOIN ligne_retour l ON l.cabinet = t.cabinet AND l.fichier = t.fichier
UNION
SELECT
    r.cabinet,
    r.numero,
    '' AS hors_numero
FROM fichier_touche t
JOIN rattachement r ON r.cabinet = t.cabinet AND r.fichier = t.fichier
