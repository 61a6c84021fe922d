-- A movement of the account said by hand to be a transfer.
SELECT
    a.cabinet,
    a.fichier,
    a.rang,
    a.fichier_virement,
    a.rang_virement,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'preuve_bancaire'
