-- A lot that is not void. A lot is void when one of its invoices was cancelled before its signature: its other
-- invoices wait again, its number is burnt (architecture, decision 9). Once signed it cannot become void.
SELECT
    l.cabinet,
    l.prestataire,
    l.numero_lot,
    l.date_lot
FROM lot AS l
WHERE EXISTS (
        SELECT 1
        FROM signature_lot AS s
        WHERE s.cabinet = l.cabinet
          AND s.prestataire = l.prestataire
          AND s.numero_lot = l.numero_lot
          AND s.date_lot = l.date_lot
    )
    OR NOT EXISTS (
        SELECT 1
        FROM lot_facture AS f
        INNER JOIN annulation AS a
            ON a.cabinet = f.cabinet
            AND a.prestataire = f.prestataire
            AND a.numero = f.numero
        WHERE f.cabinet = l.cabinet
          AND f.prestataire = l.prestataire
          AND f.numero_lot = l.numero_lot
          AND f.date_lot = l.date_lot
    )
