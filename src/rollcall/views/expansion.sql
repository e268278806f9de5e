-- One row per occurrence reached from the root of a source, with what it inherits on the way down.
-- Kept as a table because everything joins it. `stopped` says why what lies below was not expanded.
CREATE OR REPLACE TABLE expansion AS
WITH RECURSIVE occurrences_below AS (
    SELECT
        left(sha256(concat_ws(chr(31), '', c.locator, c.blob_id)), 32) AS item_id,
        NULL::VARCHAR AS parent_id,
        left(sha256(concat_ws(chr(31), '', c.locator, c.blob_id)), 32) AS family_id,
        NULL::VARCHAR AS parent_blob_id,
        c.locator AS source_id,
        c.locator AS locator,
        0 AS depth,
        c.blob_id AS blob_id,
        c.header_blob_id AS header_blob_id,
        c.kind IN ('message', 'contact', 'appointment', 'task', 'note') AS in_message,
        c.kind AS kind,
        c.name AS name,
        c.size AS size,
        c.folder AS folder,
        c.folder_kind AS folder_kind,
        c.message_id AS message_id,
        c.subject AS subject,
        c.sent_at AS sent_at,
        c.received_at AS received_at,
        CASE
            WHEN c.kind IN ('message', 'contact', 'appointment', 'task', 'note') THEN ''
            ELSE coalesce(nullif(c.name, ''), c.kind)
        END AS path,
        CASE WHEN fans.blob_id IS NULL THEN [] ELSE [hash(c.blob_id)] END AS above,
        CASE WHEN crowded.blob_id IS NOT NULL THEN 'bomb' ELSE '' END AS stopped,
        NULL::BIGINT AS owner
    FROM children AS c
    LEFT JOIN fans ON fans.blob_id = c.blob_id
    LEFT JOIN crowded ON crowded.blob_id = c.blob_id AND crowded.depth = 0
    WHERE c.parent_blob_id = ''
    UNION ALL
    SELECT
        left(sha256(concat_ws(chr(31), p.item_id, c.locator, c.blob_id)), 32),
        p.item_id,
        CASE
            WHEN p.in_message THEN p.family_id
            ELSE left(sha256(concat_ws(chr(31), p.item_id, c.locator, c.blob_id)), 32)
        END,
        p.blob_id,
        p.source_id,
        c.locator,
        p.depth + 1,
        c.blob_id,
        c.header_blob_id,
        p.in_message OR c.kind IN ('message', 'contact', 'appointment', 'task', 'note'),
        c.kind,
        c.name,
        c.size,
        CASE WHEN p.in_message OR c.folder = '' THEN p.folder ELSE c.folder END,
        CASE WHEN p.in_message OR c.folder = '' THEN p.folder_kind ELSE c.folder_kind END,
        CASE
            WHEN c.kind IN ('message', 'contact', 'appointment', 'task', 'note') THEN c.message_id
            ELSE p.message_id
        END,
        c.subject,
        CASE
            WHEN c.kind IN ('message', 'contact', 'appointment', 'task', 'note') THEN c.sent_at
            ELSE p.sent_at
        END,
        CASE
            WHEN c.kind IN ('message', 'contact', 'appointment', 'task', 'note') THEN c.received_at
            ELSE p.received_at
        END,
        CASE
            WHEN c.kind IN ('message', 'contact', 'appointment', 'task', 'note') THEN ''
            ELSE concat_ws(
                ' > ',
                nullif(p.path, ''),
                coalesce(
                    nullif(c.name, ''),
                    CASE WHEN c.kind = 'page' THEN split_part(c.locator, ':', 2) END,  -- "page 3" of a scan
                    '(' || c.kind || ' ' || c.locator || ')'
                )
            )
        END,
        CASE WHEN fans.blob_id IS NULL THEN p.above ELSE list_append(p.above, hash(c.blob_id)) END,
        CASE
            WHEN list_contains(p.above, hash(c.blob_id)) THEN 'archive_loop'
            WHEN crowded.blob_id IS NOT NULL THEN 'bomb'
            WHEN p.depth + 1 >= getvariable('max_depth') AND fans.blob_id IS NOT NULL THEN 'too_deep'
            ELSE ''
        END,
        coalesce(box.owner, drawer.owner, p.owner)
    FROM occurrences_below AS p
    JOIN children AS c ON c.parent_blob_id = p.blob_id
    LEFT JOIN fans ON fans.blob_id = c.blob_id
    LEFT JOIN crowded ON crowded.blob_id = c.blob_id AND crowded.depth = p.depth + 1
    LEFT JOIN inside AS box
        ON box.parent_blob_id = c.parent_blob_id AND box.folder = c.folder AND box.name = c.name AND box.name <> ''
    LEFT JOIN inside AS drawer
        ON drawer.parent_blob_id = c.parent_blob_id AND drawer.folder = c.folder AND drawer.name = ''
    WHERE p.stopped = ''
)
SELECT
    o.* EXCLUDE (above, in_message, owner),
    CASE WHEN i.owner IS NULL THEN s.mailbox ELSE i.mailbox END AS mailbox,
    CASE WHEN i.owner IS NULL THEN s.custodian ELSE i.custodian END AS custodian,
    CASE WHEN i.owner IS NULL THEN s.entity ELSE i.entity END AS entity
FROM occurrences_below AS o
LEFT JOIN inside AS i ON i.owner = o.owner
LEFT JOIN registered AS s ON s.source_id = o.source_id;
