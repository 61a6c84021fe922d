-- The double payments of the chains that the invoices of the asked blocks belong to.
SELECT
    d.cabinet AS cabinet,
    d.prestataire AS prestataire,
    d.numero AS numero,
    d.partie AS partie,
    d.remplacee_par,
    d.montant
FROM bloc b
JOIN double_paiement d ON d.cabinet = b.cabinet AND d.numero = b.numero
WHERE b.hors_numero = ''
UNION
SELECT
    d.cabinet,
    d.prestataire,
    d.numero,
    d.partie,
    d.remplacee_par,
    d.montant
FROM bloc b
JOIN double_paiement d ON d.cabinet = b.cabinet AND d.remplacee_par = b.numero
WHERE b.hors_numero = ''
ORDER BY cabinet, prestataire, numero, partie
