-- One row per finding of each mention of a range of mention ids; a mention without findings has one row.
SELECT
    m.mention_id,
    m.blob_id,
    m.role,
    m.is_subject,
    m.name,
    m.confidence AS sure,
    m.kind,
    f.element,
    f.subtype,
    f.issuer,
    f.polarity,
    f.text,
    f.value,
    f."check" AS checked,
    f.confidence * s.confidence AS weight
FROM mentions AS m
LEFT JOIN (
    SELECT mention_id, finding_id, max(confidence) AS confidence
    FROM memberships
    WHERE alternative_of IS NULL
      AND NOT list_contains($not_this, finding_id)
      AND mention_id >= $low AND mention_id < $high
    GROUP BY mention_id, finding_id
) AS s ON s.mention_id = m.mention_id
LEFT JOIN findings AS f ON f.finding_id = s.finding_id
WHERE m.mention_id >= $low AND m.mention_id < $high
ORDER BY m.mention_id, f.element, f.subtype, f.value, f.text, f.issuer, f.part_no, f.start, f.finding_id
