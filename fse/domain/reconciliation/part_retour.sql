-- One row a 198 (AMO) or 199 (AMC): what one payer answers for one invoice. etat: P paid, R rejected, D deferred,
-- null: this part was not handled. paye is signed; demande is null when it does not read.
SELECT
    o.cabinet,
    o.fichier,
    o.rang,
    o.rang_parent AS rang_ligne,
    'AMO' AS partie,
    o.montant_demande AS demande,
    o.etat,
    COALESCE(o.montant_rembourse, 0) AS paye,
    o.octet
FROM noemie_198 o
UNION ALL
SELECT
    c.cabinet,
    c.fichier,
    c.rang,
    c.rang_parent AS rang_ligne,
    'AMC' AS partie,
    c.montant_demande AS demande,
    c.etat,
    COALESCE(c.montant_rembourse, 0) AS paye,
    c.octet
FROM noemie_199 c
