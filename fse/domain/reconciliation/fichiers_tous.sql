-- Every received file: what fills fichier_touche when a control is asked of all of them.
SELECT
    e.cabinet,
    e.fichier
FROM noemie_000 e
