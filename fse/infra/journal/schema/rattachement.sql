-- A return line attached by hand to an invoice.
SELECT
    a.cabinet,
    a.fichier,
    a.rang,
    a.prestataire,
    a.numero,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'rattachement'
