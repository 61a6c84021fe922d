-- Every block there is, of an invoice or of a return line: what a full rebuild computes.
SELECT
    f.cabinet,
    f.prestataire,
    f.numero
FROM facture_emise f
UNION
SELECT
    l.cabinet,
    l.prestataire,
    l.numero
FROM ligne_retour l
