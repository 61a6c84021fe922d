-- The parts of the asked files whose asked amount is not that of our invoice.
SELECT
    e.cabinet,
    e.fichier,
    e.rang,
    e.numero,
    e.partie,
    e.demande,
    e.demande_retour
FROM fichier_touche t
JOIN ecart_demande e ON e.cabinet = t.cabinet AND e.fichier = t.fichier
ORDER BY e.cabinet, e.fichier, e.rang
