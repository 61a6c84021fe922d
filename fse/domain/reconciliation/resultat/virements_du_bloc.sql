-- The transfers that pay the invoices of the asked blocks: what each pays of an invoice, in centimes.
SELECT
    a.cabinet,
    a.prestataire,
    a.numero,
    a.fichier,
    l.rang_virement,
    CAST(SUM(l.paye) AS BIGINT) AS paye
FROM bloc b
JOIN appariement a ON a.cabinet = b.cabinet AND a.numero = b.numero
JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
WHERE b.hors_numero = '' AND l.rang_virement > 0 AND l.paye <> 0
GROUP BY a.cabinet, a.prestataire, a.numero, a.fichier, l.rang_virement
