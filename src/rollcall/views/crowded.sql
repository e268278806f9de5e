-- One row per content and depth whose members would multiply without bound (archives of equal archives); not expanded.
-- Paths are counted a level at a time, grouped by content, so the count stays small where the expansion would not.
CREATE OR REPLACE TABLE crowded AS
WITH RECURSIVE reached (blob_id, depth, n) AS (
    SELECT children.blob_id, 0, count(*)::DOUBLE
    FROM children
    WHERE children.parent_blob_id = ''
    GROUP BY children.blob_id
    UNION ALL
    SELECT children.blob_id, reached.depth + 1, sum(reached.n)
    FROM reached
    JOIN fans ON fans.blob_id = reached.blob_id
    JOIN children ON children.parent_blob_id = reached.blob_id
    JOIN fans AS inner_fans ON inner_fans.blob_id = children.blob_id
    WHERE reached.depth < getvariable('max_depth')
      AND NOT (reached.n > 1000 AND reached.n * fans.n_edges > getvariable('max_expansion'))
    GROUP BY children.blob_id, reached.depth + 1
)
SELECT reached.blob_id, reached.depth
FROM reached
JOIN fans ON fans.blob_id = reached.blob_id
WHERE reached.n > 1000 AND reached.n * fans.n_edges > getvariable('max_expansion');
