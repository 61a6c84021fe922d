-- One row an invoice of ours: what is expected of each payer, and the day it left (0 while it waits for a lot).
-- A sheet that travels on paper enters no lot: it left on the day it was recorded. A cancelled invoice expects nothing.
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    f.mode,
    f.attend_amo * (1 - f.annulee) AS attend_amo,
    f.attend_amc * (1 - f.annulee) AS attend_amc,
    f.demande_amo,
    f.demande_amc,
    f.date_facture,
    f.securisee_le,
    f.numero_lot,
    f.date_lot,
    CASE WHEN f.mode IN ('papier', 's3404') THEN f.securisee_le ELSE f.emise_le END AS envoyee_le,
    f.annulee,
    f.organisme,
    f.remplacant,
    f.remplacee_par,
    f.racine,
    f.en_route,
    f.accuse
FROM facture_emise f
