-- One row per mention and family of items in which it stands, with what puts families in the order of their mailbox.
CREATE OR REPLACE VIEW mention_families AS
SELECT DISTINCT
    m.mention_id,
    e.family_id,
    e.source_id,
    coalesce(root.sent_at, '') AS sent_at
FROM mentions AS m
JOIN occurrences AS o ON o.content_id = coalesce(m.block, m.blob_id) AND o.blob_id = m.blob_id
JOIN expansion AS e ON e.item_id = o.item_id
LEFT JOIN expansion AS root ON root.item_id = e.family_id;
