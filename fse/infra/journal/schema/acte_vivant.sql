-- What was done by hand and not annulled since.
SELECT
    a.cabinet,
    a.acte,
    a.genre,
    a.pose_le,
    a.prestataire,
    a.numero,
    a.partie,
    a.etat,
    a.retours,
    a.montant,
    a.jour,
    a.piece,
    a.fichier,
    a.rang,
    a.emetteur,
    a.reference,
    a.notifiee_le,
    a.fichier_virement,
    a.rang_virement
FROM acte_manuel AS a
WHERE a.genre <> 'annulation_acte'
    AND NOT EXISTS (
        SELECT 1
        FROM acte_manuel AS n
        WHERE n.cabinet = a.cabinet
          AND n.vise = a.acte
    )
