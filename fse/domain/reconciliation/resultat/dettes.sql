-- Every debt, with the invoice and the day of notification that the practice attached to it (0: none).
SELECT
    d.cabinet,
    d.prestataire,
    d.emetteur,
    d.reference,
    d.nature,
    d.date_creance,
    d.mouvements,
    d.retenu,
    d.solde,
    d.premiere_le,
    d.derniere_le,
    d.fichier,
    d.rang,
    d.numero,
    d.notifiee_le,
    d.acte
FROM perimetre q
JOIN dette d ON d.cabinet = q.cabinet
ORDER BY d.cabinet, d.prestataire, d.emetteur, d.reference, d.fichier, d.rang
