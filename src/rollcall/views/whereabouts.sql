-- One row per attribution and item that holds it: all occurrences, where `evidence` shows the strongest.
CREATE OR REPLACE VIEW whereabouts AS
SELECT
    a.individual_id,
    a.element,
    a.subtype,
    a.value,
    a.confidence,
    a.counts,
    a.polarity,
    a.finding_id,
    coalesce(places.place, '') AS place,
    o.item_id,
    e.source_id,
    e.mailbox,
    e.folder,
    e.message_id,
    e.sent_at,
    e.path,
    reach.access,
    strongest.best.item_id = o.item_id AS is_strongest
FROM attributions AS a
JOIN occurrences AS o ON o.content_id = a.content_id
LEFT JOIN places ON places.finding_id = a.finding_id AND places.blob_id = o.blob_id
JOIN expansion AS e ON e.item_id = o.item_id
JOIN reach ON reach.item_id = o.item_id
JOIN strongest ON strongest.content_id = a.content_id;
