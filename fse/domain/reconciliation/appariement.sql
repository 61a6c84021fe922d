-- Return lines of the asked blocks matched with their invoice, and the policy that matched them (policies.py gives the
-- order). The invoice has left and is not cancelled; its number is unique for ever, so one line finds one invoice.
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    l.prestataire,
    l.numero,
    CASE
        WHEN l.numero_lot > 0 AND l.numero_lot = f.numero_lot AND l.date_lot = f.date_lot THEN 'exacte'
        ELSE 'numero_unique'
    END AS politique
FROM bloc b
JOIN ligne_retour l ON l.cabinet = b.cabinet AND l.prestataire = b.prestataire AND l.numero = b.numero
JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.prestataire = b.prestataire AND f.numero = b.numero
WHERE f.annulee = 0 AND f.envoyee_le > 0
