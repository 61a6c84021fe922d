-- A debt that a payer recovers, attached by hand to an invoice, and the day it was notified (0: not known).
SELECT
    a.cabinet,
    a.prestataire,
    COALESCE(a.emetteur, '') AS emetteur,
    a.reference,
    COALESCE(a.numero, 0) AS numero,
    COALESCE(a.notifiee_le, 0) AS notifiee_le,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'creance_rattachee'
