-- One row per kind of content, as identified from its structure: how many items are of it, and how they ended.
CREATE OR REPLACE VIEW accounting_by_format AS
SELECT
    coalesce(nullif(contents.media_type, ''), 'unknown') AS format,
    count(*) AS n_items,
    count(*) FILTER (WHERE items.end_state = 'read') AS n_read,
    count(*) FILTER (WHERE items.end_state = 'empty') AS n_empty,
    count(*) FILTER (WHERE items.end_state = 'problem') AS n_problem,
    count(*) FILTER (WHERE items.end_state = 'skipped') AS n_skipped
FROM items
LEFT JOIN contents ON contents.blob_id = items.blob_id
GROUP BY ALL;
