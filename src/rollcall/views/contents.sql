-- One row per content that was opened: how it ended over all its slices, and how many children it says it has.
CREATE OR REPLACE TABLE contents AS
SELECT
    blob_id,
    CASE
        WHEN count(*) FILTER (WHERE state NOT IN ('read', 'empty', 'problem')) > 0 THEN 'unknown'
        WHEN bool_or(state = 'problem') THEN 'problem'
        WHEN bool_or(state = 'read') THEN 'read'
        ELSE 'empty'
    END AS state,
    any_value(media_type ORDER BY media_type DESC) AS media_type,
    sum(n_children)::BIGINT AS n_children
FROM blobs
GROUP BY blob_id;
