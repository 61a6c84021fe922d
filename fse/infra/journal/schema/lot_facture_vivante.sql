-- An invoice in a lot that is not void, and that was not given up: when a payer refuses a lot for one invoice, the
-- others leave it for a new one (architecture, decision 16).
SELECT
    lf.cabinet,
    lf.prestataire,
    lf.numero_lot,
    lf.date_lot,
    lf.ordre,
    lf.numero
FROM lot_facture AS lf
WHERE EXISTS (
        SELECT 1
        FROM lot_vivant AS v
        WHERE v.cabinet = lf.cabinet
          AND v.prestataire = lf.prestataire
          AND v.numero_lot = lf.numero_lot
          AND v.date_lot = lf.date_lot
    )
    AND NOT EXISTS (
        SELECT 1
        FROM relance AS r
        WHERE r.cabinet = lf.cabinet
          AND r.prestataire = lf.prestataire
          AND r.numero_lot = lf.numero_lot
          AND r.date_lot = lf.date_lot
          AND r.genre = 'relot'
          AND r.numero_facture <> lf.numero
    )
