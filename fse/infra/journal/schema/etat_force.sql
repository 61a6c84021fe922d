-- A state of a part forced by hand, and how many answers there were then.
SELECT
    a.cabinet,
    a.prestataire,
    a.numero,
    a.partie,
    a.etat,
    a.retours,
    a.pose_le,
    a.acte
FROM acte_vivant AS a
WHERE a.genre = 'etat_force'
