-- One row per anchor in a content somebody ruled on, and value that stands there; `own` marks a finding's own value.
WITH here AS (
    SELECT mention_id, blob_id, name FROM mentions WHERE blob_id IN (SELECT blob_id FROM ruled)
),
values_of AS (
    SELECT DISTINCT here.mention_id, here.blob_id, memberships.finding_id, findings.value
    FROM here
    JOIN memberships ON memberships.mention_id = here.mention_id
    JOIN findings ON findings.finding_id = memberships.finding_id
    UNION ALL
    SELECT mention_id, blob_id, NULL, name FROM here WHERE name <> ''
)
SELECT 'mention' AS kind, mention_id AS anchor, blob_id, value, false AS own FROM values_of
UNION
SELECT 'finding', owner.finding_id, owner.blob_id, beside.value, false
FROM values_of AS owner
JOIN values_of AS beside ON beside.mention_id = owner.mention_id
WHERE owner.finding_id IS NOT NULL
UNION
SELECT 'finding', finding_id, blob_id, value, true FROM findings WHERE blob_id IN (SELECT blob_id FROM ruled);
