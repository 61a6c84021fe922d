-- What a payer answered outside any file, entered by hand from a statement; piece names the statement.
SELECT
    a.cabinet,
    a.prestataire,
    a.numero,
    a.partie,
    a.etat,
    a.montant,
    a.jour,
    COALESCE(a.piece, '') AS piece,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'paiement_saisi'
