-- Every operation on debts, in order of time, with the balance that its payer states.
SELECT
    c.cabinet,
    c.prestataire,
    c.emetteur,
    c.reference,
    c.date_comptable,
    c.operation,
    c.montant,
    c.retenue,
    c.solde,
    c.fichier,
    c.rang,
    c.octet
FROM perimetre q
JOIN creance_retour c ON c.cabinet = q.cabinet
ORDER BY
    c.cabinet,
    c.prestataire,
    c.emetteur,
    c.reference,
    c.date_comptable NULLS FIRST,
    c.fichier_le NULLS FIRST,
    c.fichier_id NULLS FIRST,
    c.fichier,
    c.rang
