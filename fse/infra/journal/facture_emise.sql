-- What the matching knows of an invoice that was secured: what is asked and expected, the lot where it is live (0
-- when it waits), the first day its lot was written to a file (0 before).
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    f.mode,
    f.attend_amo,
    f.attend_amc,
    f.demande_amo,
    f.demande_amc,
    f.date_facture,
    f.securisee_le,
    COALESCE(v.numero_lot, 0) AS numero_lot,
    COALESCE(v.date_lot, 0) AS date_lot,
    COALESCE((
        SELECT MIN(e.ecrit_le)
        FROM fichier_lot AS fl
        INNER JOIN fichier_ecrit AS e
            ON e.cabinet = fl.cabinet
            AND e.emetteur = fl.emetteur
            AND e.identifiant = fl.identifiant
        WHERE fl.cabinet = v.cabinet
          AND fl.prestataire = v.prestataire
          AND fl.numero_lot = v.numero_lot
          AND fl.date_lot = v.date_lot
    ), 0) AS emise_le,
    CASE WHEN a.numero IS NULL THEN 0 ELSE 1 END AS annulee,
    f.organisme
FROM facture AS f
LEFT JOIN lot_facture_vivante AS v
    ON v.cabinet = f.cabinet
    AND v.prestataire = f.prestataire
    AND v.numero = f.numero
LEFT JOIN annulation AS a
    ON a.cabinet = f.cabinet
    AND a.prestataire = f.prestataire
    AND a.numero = f.numero
