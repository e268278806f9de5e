-- One row per thing we were given, with its hash, its custody, and how its items ended.
CREATE OR REPLACE VIEW sources AS
WITH ended AS (
    SELECT
        source_id,
        count(*) AS n_items,
        count(*) FILTER (WHERE end_state IN ('read', 'empty')) AS n_read,
        count(*) FILTER (WHERE end_state = 'problem') AS n_problems
    FROM items
    GROUP BY source_id
),
refused AS (
    SELECT source_id, count(*) AS n_problems FROM source_troubles GROUP BY source_id
)
SELECT
    registered.* EXCLUDE (n_items, n_read, n_problems),
    coalesce(ended.n_items, 0) AS n_items,
    coalesce(ended.n_read, 0) AS n_read,
    coalesce(ended.n_problems, 0) + coalesce(refused.n_problems, 0) AS n_problems
FROM registered
LEFT JOIN ended ON ended.source_id = registered.source_id
LEFT JOIN refused ON refused.source_id = registered.source_id;
