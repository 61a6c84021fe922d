-- The return lines of the asked files that match no invoice, each with its one residue.
SELECT
    r.cabinet,
    r.fichier,
    r.rang,
    r.numero,
    r.nature
FROM fichier_touche t
JOIN residu r ON r.cabinet = t.cabinet AND r.fichier = t.fichier
ORDER BY r.cabinet, r.fichier, r.rang
