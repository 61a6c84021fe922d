-- A file that we made and the day it left (null before): sent by us and taken over by the next one on the way, or, when
-- someone else sends it, written on the disk. What was taken over then reported as not delivered did not leave.
SELECT
    e.cabinet,
    e.emetteur,
    e.identifiant,
    e.canal,
    CASE
        WHEN e.canal = '' THEN (
            SELECT MIN(w.ecrit_le)
            FROM fichier_ecrit AS w
            WHERE w.cabinet = e.cabinet
              AND w.emetteur = e.emetteur
              AND w.identifiant = e.identifiant
        )
        ELSE (
            SELECT MIN(s.jour)
            FROM envoi AS s
            WHERE s.cabinet = e.cabinet
              AND s.emetteur = e.emetteur
              AND s.identifiant = e.identifiant
              AND s.resultat = 'accepte'
              AND NOT EXISTS (
                SELECT 1
                FROM envoi AS n
                WHERE n.cabinet = s.cabinet
                  AND n.emetteur = s.emetteur
                  AND n.identifiant = s.identifiant
                  AND n.tentative > s.tentative
                  AND n.resultat = 'non_remis'
            )
        )
    END AS parti_le
FROM fichier_emis AS e
