"""The SQL linter accepts a realistic statement and names one sample of each forbidden construct."""

from __future__ import annotations

import pytest

from tests.oracles.sql_linter import lint

GOOD = """
-- last return line of each part: the words LIKE, a :: b and SELECT * of a comment do not count
WITH lignes (cabinet, prestataire, numero, partie, paye, rang_retour) AS (
    SELECT l.cabinet, l.prestataire, l.numero, p.partie, p.paye,
           ROW_NUMBER() OVER (PARTITION BY l.cabinet, l.prestataire, l.numero, p.partie
                              ORDER BY l.date_comptable DESC NULLS LAST, l.fichier DESC, l.rang DESC)
    FROM ligne_retour l
    JOIN part_retour p ON p.cabinet = l.cabinet AND p.fichier = l.fichier AND p.rang_ligne = l.rang
    WHERE l.numero NOT IN (0, 1) AND NOT EXISTS (SELECT 1 FROM facture_emise f WHERE f.numero = l.numero)
), cumul AS (
    SELECT cabinet, prestataire, numero, partie, CAST(SUM(paye) AS BIGINT) AS paye, COUNT(*) AS retours
    FROM lignes
    GROUP BY cabinet, prestataire, numero, partie
    HAVING COUNT(DISTINCT rang_retour) >= 1
)
SELECT f.cabinet, f.numero, COALESCE(c.paye, 0) AS paye,
       CASE WHEN c.retours IS NULL THEN 'attendue' WHEN c.paye * 100 < f.demande_amo * 99 THEN 'payee_moins'
            ELSE 'n''est pas LIKE ?' END AS etat,
       CAST(SUM(c.paye) OVER (PARTITION BY f.cabinet ORDER BY f.prestataire, f.numero) AS BIGINT) AS cumul
FROM facture_emise f
LEFT JOIN cumul c ON c.cabinet = f.cabinet AND c.prestataire = f.prestataire AND c.numero = f.numero
CROSS JOIN parametre p
WHERE p.aujourd_hui - f.emise_le > p.delai_sans_retour
UNION ALL
SELECT cabinet, numero, CAST(0 AS BIGINT), CAST('' AS VARCHAR(12)), 0 FROM facture_emise WHERE annulee = 1
ORDER BY cabinet, numero
"""


def test_a_realistic_statement_passes() -> None:
    assert lint(GOOD) == []
    assert lint(GOOD + ";\n" + GOOD) == []


def test_a_named_window_is_followed_to_its_order() -> None:
    assert lint("SELECT RANK() OVER w AS r FROM t WINDOW w AS (PARTITION BY a ORDER BY b NULLS FIRST)") == []
    assert lint("SELECT RANK() OVER w AS r FROM t WINDOW w AS (PARTITION BY a)")


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("SELECT CAST(a AS DATE) AS b FROM t", "type DATE"),
        ("SELECT DATE '2025-01-01' AS b FROM t", "word DATE:"),
        ("SELECT a FROM t WHERE b < CURRENT_DATE", "word CURRENT_DATE:"),
        ("SELECT julianday(a) AS b FROM t", "function JULIANDAY"),
        ("SELECT strftime('%Y', a) AS b FROM t", "function STRFTIME"),
        ("SELECT DATE_TRUNC('month', a) AS b FROM t", "function DATE_TRUNC"),
        ("SELECT EXTRACT(YEAR FROM a) AS b FROM t", "function EXTRACT"),
        ("SELECT a + INTERVAL '1' DAY AS b FROM t", "word INTERVAL:"),
        ("SELECT a / 2 AS b FROM t", "symbol / :"),
        ("SELECT a // 2 AS b FROM t", "symbol / :"),
        ("SELECT CAST(a AS REAL) AS b FROM t", "word REAL:"),
        ("SELECT CAST(a AS DOUBLE PRECISION) AS b FROM t", "type DOUBLE"),
        ("SELECT CAST(a AS NUMERIC(10, 2)) AS b FROM t", "type DECIMAL"),
        ("SELECT a * 1.5 AS b FROM t", "real literal 1.5"),
        ("SELECT a * 1e3 AS b FROM t", "real literal 1e3"),
        ("SELECT ROUND(a) AS b FROM t", "function ROUND"),
        ("SELECT AVG(a) AS b FROM t", "function AVG"),
        ("SELECT a FROM t WHERE b LIKE 'x%'", "word LIKE:"),
        ("SELECT a FROM t WHERE b NOT LIKE 'x%'", "word LIKE:"),
        ("SELECT a FROM t WHERE b ILIKE 'x%'", "word ILIKE:"),
        ("SELECT UPPER(a) AS b FROM t", "function UPPER"),
        ("SELECT lower(a) AS b FROM t", "function LOWER"),
        ("SELECT CONCAT(a, b) AS c FROM t", "function CONCAT"),
        ("SELECT CONCAT_WS(' ', a, b) AS c FROM t", "function CONCAT_WS"),
        ("SELECT LPAD(a, 9, '0') AS b FROM t", "function LPAD"),
        ("SELECT RPAD(a, 9, '0') AS b FROM t", "function RPAD"),
        ("SELECT printf('%09d', a) AS b FROM t", "function PRINTF"),
        ("SELECT STRING_AGG(a, ',') AS b FROM t", "function STRING_AGG"),
        ("SELECT GROUP_CONCAT(a) AS b FROM t", "function GROUP_CONCAT"),
        ("SELECT a::BIGINT AS b FROM t", "symbol :: :"),
        ("SELECT a FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY rang) = 1", "word QUALIFY:"),
        ("SELECT a FROM t ANTI JOIN u ON t.a = u.a", "word ANTI:"),
        ("SELECT a FROM t LEFT SEMI JOIN u ON t.a = u.a", "word SEMI:"),
        ("SELECT DISTINCT ON (a) a, b FROM t", "DISTINCT ON"),
        ("SELECT t.a FROM t CROSS JOIN LATERAL (SELECT u.b FROM u WHERE u.a = t.a) v", "word LATERAL:"),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r", "word RECURSIVE:"),
        ("WITH r AS MATERIALIZED (SELECT 1 AS n) SELECT n FROM r", "word MATERIALIZED:"),
        ("WITH r AS NOT MATERIALIZED (SELECT 1 AS n) SELECT n FROM r", "word MATERIALIZED:"),
        ("SELECT t.a FROM t FULL JOIN u ON t.a = u.a", "word FULL:"),
        ("SELECT t.a FROM t FULL OUTER JOIN u ON t.a = u.a", "word FULL:"),
        ("SELECT a, COUNT(*) AS n FROM t GROUP BY ALL", "GROUP BY ALL"),
        ("SELECT * FROM t", "SELECT *"),
        ("SELECT t.*, 1 AS b FROM t", "SELECT *"),
        ("SELECT a FROM (SELECT * FROM t) u", "SELECT *"),
        ("SELECT a FROM t WHERE a NOT IN (SELECT b FROM u)", "NOT IN (subquery)"),
        ("SELECT a FROM t WHERE NOT (a IN (SELECT b FROM u))", "NOT IN (subquery)"),
        ("SELECT a FROM t WHERE a <> ALL (SELECT b FROM u)", "ALL, ANY"),
        ("SELECT a FROM t WHERE b = ?", "symbol ? :"),
        ("SELECT a FROM t WHERE b = :b", "symbol : :"),
        ("SELECT a FROM t WHERE b = @b", "symbol @ :"),
        ("SELECT a FROM t WHERE b = $1", "symbol $ :"),
        ("SELECT a FROM t WHERE b = {b}", "symbol { :"),
        ("SELECT a FROM t WHERE b = %s", "syntax"),
        ("SELECT SUM(a) AS b FROM t", "SUM: not cast"),
        ("SELECT CAST(SUM(a) AS INTEGER) AS b FROM t", "SUM: not cast"),
        ("SELECT CAST(b AS BIGINT) AS b FROM t GROUP BY b HAVING SUM(a) > 0", "SUM: not cast"),
        ("SELECT SUM(a) OVER (ORDER BY rang) AS b FROM t", "SUM: not cast"),
        ("SELECT ROW_NUMBER() OVER (PARTITION BY a) AS b FROM t", "window without ORDER BY"),
        ("SELECT CAST(SUM(a) OVER () AS BIGINT) AS b FROM t", "window without ORDER BY"),
        ("SELECT RANK() OVER (ORDER BY date_comptable) AS b FROM t", "NULLS FIRST or NULLS LAST"),
        ("SELECT RANK() OVER (ORDER BY rang, date_comptable DESC) AS b FROM t", "NULLS FIRST or NULLS LAST"),
        ("SELECT RANK() OVER w AS b FROM t WINDOW w AS (ORDER BY date_comptable)", "NULLS FIRST or NULLS LAST"),
        ("INSERT INTO t (a) SELECT a FROM u", "statement: only SELECT"),
        ("UPDATE t SET a = 1", "statement: only SELECT"),
        ("DELETE FROM t", "statement: only SELECT"),
        ("CREATE TABLE t (a BIGINT)", "statement: only SELECT"),
        ("CREATE VIEW v AS SELECT a FROM t", "statement: only SELECT"),
        ("SELECT a FROM t; DELETE FROM t", "statement: only SELECT"),
        ("SELECT a INTO b FROM t", "statement: a SELECT neither writes nor locks"),
        ("", "statement: nothing to run"),
        ("SELECT a FROM", "syntax"),
        ("SELECT 'a", "syntax"),
        # beyond the list of the decision, for the same reason: refused or otherwise read by one of the four engines
        ('SELECT "a" FROM t', "quoted name"),
        ("SELECT IFNULL(a, 0) AS b FROM t", "function IFNULL"),
        ("SELECT CAST(a AS TEXT) AS b FROM t", "type TEXT"),
        ("SELECT a FROM t WHERE TRUE", "word TRUE:"),
        ("SELECT a = b AS c FROM t", "comparison as a value"),
        ("SELECT a FROM t WHERE b == 1", "symbol == :"),
    ],
)
def test_each_forbidden_construct_is_named(sql: str, rule: str) -> None:
    found = lint(sql)
    assert any(text.startswith(rule) for text in found), found
