-- An invoice in a lot that is not void.
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
