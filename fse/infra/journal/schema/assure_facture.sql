-- The keyed fingerprint of the insured of an invoice, while the person is known.
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    p.nir_empreinte
FROM facture AS f
INNER JOIN personne AS p
    ON p.cabinet = f.cabinet
    AND p.id = f.personne
WHERE p.nir_empreinte IS NOT NULL
