-- One row per occurrence: a message, an attachment, a member of an archive, with its one end state.
CREATE OR REPLACE VIEW items AS
SELECT
    e.item_id,
    e.parent_id,
    e.family_id,
    e.source_id,
    e.mailbox,
    e.folder,
    e.message_id,
    e.subject,
    e.sent_at,
    e.received_at,
    e.kind,
    e.name,
    e.size,
    e.blob_id,
    -- The sha256 of an empty content says nothing about sameness, but it is one content like any other.
    nullif(
        first_value(e.item_id) OVER (PARTITION BY e.blob_id ORDER BY coalesce(e.sent_at, '9999'), e.item_id), e.item_id
    ) AS same_as,
    CASE
        WHEN skips.item_id IS NOT NULL THEN 'skipped'
        WHEN e.stopped <> '' OR contents.blob_id IS NULL THEN 'problem'
        WHEN emblems.blob_id IS NOT NULL THEN 'empty'
        ELSE contents.state
    END AS end_state
FROM expansion AS e
LEFT JOIN emblems ON emblems.blob_id = e.blob_id
LEFT JOIN contents ON contents.blob_id = e.blob_id
LEFT JOIN skips ON skips.item_id = e.item_id;
