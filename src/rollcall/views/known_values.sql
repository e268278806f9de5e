-- One row per value the case holds, as written and in its normal form; names aside, which are shown in clear.
CREATE OR REPLACE VIEW known_values AS
SELECT DISTINCT unnest([value, text]) AS value
FROM findings
WHERE element <> 'name';
