-- One row: how many items there are, how each ended, and `difference`, which must be 0.
-- The difference is counted from the edges and contents, not from the states: an occurrence that the edges promise and
-- the items lack, an item counted twice or without an end, a source that left no trace, children that no fact explains.
CREATE OR REPLACE VIEW accounting AS
WITH ended AS (
    SELECT
        count(*) AS n_items,
        count(DISTINCT item_id) AS n_distinct,
        count(*) FILTER (WHERE end_state = 'read') AS n_read,
        count(*) FILTER (WHERE end_state = 'empty') AS n_empty,
        count(*) FILTER (WHERE end_state = 'problem') AS n_problem,
        count(*) FILTER (WHERE end_state = 'skipped') AS n_skipped
    FROM items
),
roots AS (
    SELECT count(*) AS n FROM children WHERE parent_blob_id = ''
),
promised AS (
    SELECT coalesce(sum(fans.n_edges), 0)::BIGINT AS n
    FROM expansion
    JOIN fans ON fans.blob_id = expansion.blob_id
    WHERE expansion.stopped = ''
),
untraced AS (
    SELECT count(*) AS n
    FROM registered
    WHERE kind <> 'passwords'
      AND source_id NOT IN (SELECT locator FROM children WHERE parent_blob_id = '')
      AND source_id NOT IN (SELECT source_id FROM source_troubles)
),
unexplained AS (
    SELECT count(*) AS n
    FROM contents
    LEFT JOIN fans ON fans.blob_id = contents.blob_id
    WHERE coalesce(fans.n_edges, 0) <> contents.n_children
      AND contents.blob_id NOT IN (SELECT blob_id FROM troubles)
)
SELECT
    (SELECT count(*) FROM registered) AS n_sources,
    roots.n + promised.n AS n_items,
    ended.n_read,
    ended.n_empty,
    ended.n_problem,
    ended.n_skipped,
    abs(roots.n + promised.n - ended.n_read - ended.n_empty - ended.n_problem - ended.n_skipped)
        + (ended.n_items - ended.n_distinct) + untraced.n + unexplained.n AS difference
FROM ended, roots, promised, untraced, unexplained;
