-- One row per content, mailbox, entity and access under which it is held: counts by mailbox use all occurrences.
CREATE OR REPLACE TABLE holders AS
SELECT o.content_id, e.mailbox, e.entity, reach.access, count(DISTINCT o.item_id) AS n_items
FROM occurrences AS o
JOIN expansion AS e ON e.item_id = o.item_id
JOIN reach ON reach.item_id = o.item_id
GROUP BY o.content_id, e.mailbox, e.entity, reach.access;
