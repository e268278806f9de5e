-- One row per content that holds others: how many it holds.
CREATE OR REPLACE TABLE fans AS
SELECT parent_blob_id AS blob_id, count(*) AS n_edges
FROM children
WHERE parent_blob_id <> ''
GROUP BY parent_blob_id;
