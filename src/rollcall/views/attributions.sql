-- One row per individual and finding that is theirs: the element, where it stands, how sure, and whether it counts.
-- Made for one partition of the findings at a time. `counts` is the contract's rule for the element; negated, family and hypothetical findings are kept and do not count.
CREATE OR REPLACE TABLE attributions AS
WITH ruled_out AS (
    SELECT anchor FROM decisions WHERE kind = 'not_this' AND undone_by IS NULL
),
belonging AS (
    SELECT links.individual_id, memberships.finding_id, max(memberships.confidence) AS confidence
    FROM links
    JOIN memberships ON memberships.mention_id = links.mention_id
    WHERE memberships.finding_id NOT IN (FROM ruled_out)
      AND hash(memberships.finding_id) % getvariable('n_partitions') = getvariable('of_partition')
    GROUP BY links.individual_id, memberships.finding_id
),
-- One finding of quoted text stands in several blobs; it is shown where its strongest occurrence is.
standing AS (
    SELECT
        coalesce(f.block, f.blob_id) AS content_id,
        f.finding_id,
        min_by({
            'blob_id': f.blob_id, 'element': f.element, 'subtype': f.subtype, 'value': f.value, 'check': f.check,
            'polarity': f.polarity, 'confidence': f.confidence, 'why': f.why
        }, {
            'elsewhere': f.blob_id <> strongest.best.blob_id, 'blob_id': f.blob_id, 'part_no': f.part_no,
            'row': coalesce(f.row, -1), 'col': coalesce(f.col, -1), 'start': coalesce(f.start, -1)
        }) AS f
    FROM findings AS f
    LEFT JOIN strongest ON strongest.content_id = coalesce(f.block, f.blob_id)
    WHERE f.finding_id IN (SELECT finding_id FROM belonging)
    GROUP BY coalesce(f.block, f.blob_id), f.finding_id
)
SELECT
    belonging.individual_id,
    belonging.finding_id,
    standing.content_id,
    standing.f.blob_id AS blob_id,
    standing.f.element AS element,
    standing.f.subtype AS subtype,
    standing.f.value AS value,
    standing.f.check AS "check",
    standing.f.polarity AS polarity,
    round(standing.f.confidence * belonging.confidence, 4) AS confidence,
    CASE
        WHEN standing.f.polarity <> 'asserted' THEN false
        -- A city alone is nobody's address.
        WHEN standing.f.element = 'address' THEN standing.f.subtype NOT IN ('city', 'state', 'zip')
        WHEN standing.f.element = 'payment_card'
            THEN standing.f.check = 'valid' OR standing.f.why LIKE 'label%' OR standing.f.why LIKE 'header%'
        ELSE true
    END
    AND round(standing.f.confidence * belonging.confidence, 4) >= getvariable('min_confidence') AS counts
FROM belonging
JOIN standing ON standing.finding_id = belonging.finding_id;
