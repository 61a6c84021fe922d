-- Every booked file: what fills fichier_touche when all of them are asked.
SELECT
    e.cabinet,
    e.fichier
FROM perimetre q
JOIN noemie_000 e ON e.cabinet = q.cabinet
