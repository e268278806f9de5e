-- One row per individual x element x subtype x value x place in one content, at its strongest occurrence.
CREATE OR REPLACE VIEW evidence AS
SELECT
    a.individual_id,
    a.element,
    a.subtype,
    a.value,
    a.blob_id,
    e.item_id,
    any_value(e.message_id) AS message_id,
    any_value(e.mailbox) AS mailbox,
    any_value(e.custodian) AS custodian,
    any_value(e.entity) AS entity,
    any_value(e.path) AS path,
    places.place,
    max(a.confidence) AS confidence,
    min(a.check) AS "check",
    any_value(strongest.best.access) AS access,
    any_value(strongest.n_occurrences) AS n_occurrences
FROM attributions AS a
JOIN persons ON persons.individual_id = a.individual_id
JOIN places ON places.finding_id = a.finding_id AND places.blob_id = a.blob_id
JOIN strongest ON strongest.content_id = a.content_id
JOIN expansion AS e ON e.item_id = strongest.best.item_id
WHERE a.polarity = 'asserted'
  AND a.confidence >= getvariable('evidence_confidence')
  AND NOT (a.element = 'address' AND a.subtype IN ('city', 'state', 'zip'))
GROUP BY a.individual_id, a.element, a.subtype, a.value, a.content_id, a.blob_id, e.item_id, places.place;
