-- One row per trouble with one content (content, code, place in it), at the first item that holds the content; of columns
-- nobody knows one row per layout, at the first item that holds a table like it.
CREATE OR REPLACE TABLE problems AS
WITH met AS (
    SELECT blob_id, code, locator, any_value(detail ORDER BY detail) AS detail
    FROM troubles
    WHERE code <> 'unmapped_columns'
      AND NOT (code IN ('low_score', 'few_letters') AND blob_id IN (SELECT blob_id FROM emblems))
    GROUP BY blob_id, code, locator
    UNION ALL
    SELECT blob_id, 'no_text', '', 'a logo or signature: few letters, none sure to be a word, in ' || n_mails || ' mails'
    FROM emblems
    UNION ALL
    -- An occurrence that was not expanded, unless the reader of its parent has said so already.
    SELECT e.blob_id, e.stopped, '', ''
    FROM expansion AS e
    WHERE e.stopped <> ''
      AND NOT EXISTS (
          SELECT 1 FROM troubles
          WHERE troubles.code = e.stopped AND troubles.blob_id IN (e.blob_id, e.parent_blob_id)
      )
    GROUP BY e.blob_id, e.stopped
    UNION ALL
    -- No content is without a reason: what ended badly and says nothing is our own failure.
    SELECT e.blob_id, 'internal_error', '', 'no reason was recorded'
    FROM expansion AS e
    LEFT JOIN contents ON contents.blob_id = e.blob_id
    WHERE (contents.blob_id IS NULL OR contents.state NOT IN ('read', 'empty'))
      AND e.blob_id NOT IN (SELECT blob_id FROM troubles)
      AND e.stopped = ''
    GROUP BY e.blob_id
),
holders AS (
    SELECT blob_id, item_id FROM expansion
    UNION ALL
    SELECT header_blob_id, item_id FROM expansion WHERE header_blob_id IS NOT NULL
),
placed AS (
    SELECT
        met.blob_id, met.code, met.locator,
        any_value(met.detail) AS detail,
        min({'sent_at': coalesce(e.sent_at, '9999'), 'depth': e.depth, 'item_id': e.item_id}).item_id AS item_id,
        count(e.item_id) AS n_occurrences,
        coalesce(bool_and(skips.item_id IS NOT NULL), false) AS skipped
    FROM met
    LEFT JOIN holders ON holders.blob_id = met.blob_id
    LEFT JOIN expansion AS e ON e.item_id = holders.item_id
    LEFT JOIN skips ON skips.item_id = e.item_id
    GROUP BY met.blob_id, met.code, met.locator
),
doubted AS (
    SELECT
        t.locator, t.code,
        min(t.detail) AS detail,
        min({'sent_at': coalesce(e.sent_at, '9999'), 'depth': e.depth, 'item_id': e.item_id}).item_id AS item_id,
        count(DISTINCT e.item_id) AS n_occurrences,
        coalesce(bool_and(skips.item_id IS NOT NULL), false) AS skipped
    FROM troubles AS t
    LEFT JOIN holders ON holders.blob_id = t.blob_id
    LEFT JOIN expansion AS e ON e.item_id = holders.item_id
    LEFT JOIN skips ON skips.item_id = e.item_id
    WHERE t.code = 'unmapped_columns'
    GROUP BY t.locator, t.code
),
-- One Message-ID on different contents: no content is wrong in itself, so the note stands at the first item of any.
namesakes AS (
    SELECT
        e.message_id,
        min({'sent_at': coalesce(e.sent_at, '9999'), 'depth': e.depth, 'item_id': e.item_id}).item_id AS item_id,
        count(DISTINCT e.blob_id) AS n_contents
    FROM expansion AS e
    WHERE e.kind = 'message' AND e.message_id <> ''
    GROUP BY e.message_id
    HAVING count(DISTINCT e.blob_id) > 1
),
listed AS (
    SELECT
        left(sha256(concat_ws(chr(31), placed.blob_id, placed.code, placed.locator)), 32) AS problem_id,
        placed.blob_id,
        placed.item_id,
        e.message_id,
        e.mailbox,
        coalesce(e.path, '') AS path,
        placed.code,
        concat_ws(': ', nullif(placed.locator, ''), nullif(placed.detail, '')) AS detail,
        placed.skipped,
        placed.n_occurrences
    FROM placed
    LEFT JOIN expansion AS e ON e.item_id = placed.item_id
    UNION ALL
    SELECT
        left(sha256(concat_ws(chr(31), doubted.locator, doubted.code, '')), 32),
        doubted.locator,
        doubted.item_id,
        e.message_id,
        e.mailbox,
        coalesce(e.path, ''),
        doubted.code,
        concat_ws(': ', doubted.locator, doubted.detail),
        doubted.skipped,
        doubted.n_occurrences
    FROM doubted
    LEFT JOIN expansion AS e ON e.item_id = doubted.item_id
    UNION ALL
    SELECT
        left(sha256(concat_ws(chr(31), namesakes.message_id, 'duplicate_message_id', '')), 32),
        NULL,
        namesakes.item_id,
        namesakes.message_id,
        e.mailbox,
        e.path,
        'duplicate_message_id',
        namesakes.n_contents || ' different messages',
        false,
        1
    FROM namesakes
    JOIN expansion AS e ON e.item_id = namesakes.item_id
    UNION ALL
    SELECT
        left(sha256(concat_ws(chr(31), t.source_id, t.code, t.locator)), 32),
        NULL,
        NULL,
        NULL,
        registered.mailbox,
        regexp_extract(registered.path, '[^/]*$'),
        t.code,
        concat_ws(': ', nullif(t.locator, ''), nullif(any_value(t.detail ORDER BY t.detail), '')),
        false,
        1
    FROM source_troubles AS t
    LEFT JOIN registered ON registered.source_id = t.source_id
    GROUP BY t.source_id, t.code, t.locator, registered.mailbox, registered.path
    UNION ALL
    SELECT
        left(sha256(concat_ws(chr(31), decision_id, 'orphaned_decision', '')), 32),
        NULL, NULL, NULL, NULL, '', 'orphaned_decision', kind, false, 1
    FROM orphaned_decisions
)
SELECT
    listed.problem_id,
    listed.item_id,
    listed.message_id,
    listed.mailbox,
    listed.path,
    listed.code,
    listed.detail,
    coalesce(codes.what_to_do, '') AS what_to_do,
    CASE WHEN codes.loses THEN people_at_risk.names END AS people_at_risk,
    CASE
        WHEN coalesce(codes.loses, true) = false THEN 'resolved'
        WHEN listed.skipped OR signed.anchor IS NOT NULL THEN 'signed_off'
        ELSE 'open'
    END AS state,
    listed.n_occurrences
FROM listed
LEFT JOIN codes ON codes.code = listed.code
LEFT JOIN people_at_risk ON people_at_risk.blob_id = listed.blob_id
LEFT JOIN (
    SELECT DISTINCT anchor FROM decisions WHERE kind = 'sign_off' AND undone_by IS NULL
) AS signed ON signed.anchor = listed.problem_id;
