-- One row per content and item that holds it. A content is a blob, or a block of text: quoted text is one content
-- wherever it is quoted, so all blobs that hold the block are its occurrences.
CREATE OR REPLACE VIEW occurrences AS
WITH holders AS (
    SELECT blob_id, item_id FROM expansion
    UNION
    SELECT header_blob_id, item_id FROM expansion WHERE header_blob_id IS NOT NULL
)
SELECT blob_id AS content_id, blob_id, item_id
FROM holders
WHERE blob_id IN (SELECT blob_id FROM found_in WHERE block IS NULL)
UNION ALL
SELECT blocks.block, blocks.blob_id, holders.item_id
FROM (SELECT DISTINCT block, blob_id FROM found_in WHERE block IS NOT NULL) AS blocks
JOIN holders ON holders.blob_id = blocks.blob_id;
