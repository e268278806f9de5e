-- One row per content: its strongest occurrence (access, then sent_at, then item_id) and how many there are.
CREATE OR REPLACE TABLE strongest AS
SELECT
    o.content_id,
    min({
        'access_rank': reach.access_rank, 'sent_at': coalesce(e.sent_at, '9999'),
        'item_id': o.item_id, 'blob_id': o.blob_id, 'access': reach.access
    }) AS best,
    count(DISTINCT o.item_id) AS n_occurrences
FROM occurrences AS o
JOIN expansion AS e ON e.item_id = o.item_id
JOIN reach ON reach.item_id = o.item_id
GROUP BY o.content_id;
