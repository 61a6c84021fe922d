-- A return line, a transfer or a file set aside (rang 0) that was seen by hand, and where nothing is to be done.
SELECT
    a.cabinet,
    a.fichier,
    a.rang,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'classement'
