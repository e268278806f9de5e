-- One row per mention that was taken for a person: how sure, why, and where it stands first.
CREATE OR REPLACE VIEW reasons AS
WITH spoken AS (
    SELECT
        mention_id,
        min(kind) AS kind,
        min(role) AS role,
        min(name) AS name,
        min_by(coalesce(block, blob_id), blob_id) AS content_id,
        min(part_no) AS part_no,
        min("row") AS "row"
    FROM mentions
    GROUP BY mention_id
)
SELECT
    links.individual_id,
    links.mention_id,
    links.confidence,
    links.why,
    spoken.kind,
    spoken.role,
    spoken.name AS name,
    e.mailbox,
    e.message_id,
    e.path,
    spoken."row" + 1 AS line
FROM links
LEFT JOIN spoken ON spoken.mention_id = links.mention_id
LEFT JOIN strongest ON strongest.content_id = spoken.content_id
LEFT JOIN expansion AS e ON e.item_id = strongest.best.item_id;
