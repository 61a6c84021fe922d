-- The blocks that the return lines of some files name: what must be computed again once these files are booked.
SELECT DISTINCT
    l.cabinet,
    l.prestataire,
    l.numero
FROM fichier_touche t
JOIN ligne_retour l ON l.cabinet = t.cabinet AND l.fichier = t.fichier
