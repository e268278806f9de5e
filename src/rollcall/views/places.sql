-- One row per finding that is somebody's and content it stands in: its place as the user's program shows it, counted
-- from 1, both ends included. A finding of quoted text has another place in each mail that quotes it.
CREATE OR REPLACE VIEW places AS
WITH standing AS (
    SELECT
        f.finding_id,
        f.blob_id,
        min_by({
            'part_no': f.part_no, 'page': f.page, 'row': f.row, 'col': f.col, 'start': f.start, 'end': f.end,
            'locator': f.locator
        }, {
            'part_no': f.part_no, 'row': coalesce(f.row, -1), 'col': coalesce(f.col, -1), 'start': coalesce(f.start, -1)
        }) AS f
    FROM findings AS f
    WHERE f.finding_id IN (SELECT finding_id FROM attributions)
    GROUP BY f.finding_id, f.blob_id
)
SELECT
    standing.finding_id,
    standing.blob_id,
    CASE
        WHEN standing.f.row IS NOT NULL AND parts.kind = 'sheet' THEN
            coalesce(nullif(parts.label, '') || '!', '')
            || CASE
                WHEN standing.f.col >= 702 THEN chr(65 + ((standing.f.col - 702) // 676)::INTEGER) ELSE ''
            END
            || CASE WHEN standing.f.col >= 26 THEN chr(65 + ((standing.f.col - 26) // 26 % 26)::INTEGER) ELSE '' END
            || coalesce(chr(65 + (standing.f.col % 26)::INTEGER), '')
            || (standing.f.row + 1)
        -- A record's field is called what its format calls it.
        WHEN standing.f.locator IS NOT NULL AND parts.kind = 'record' THEN standing.f.locator
        -- A row of a table by layout: a line of a page or of a mail, or of a text file, whose lines are counted.
        WHEN standing.f.row IS NOT NULL AND coalesce(parts.kind, '') NOT IN ('page', 'note', 'body') THEN
            concat_ws(' ', nullif(parts.label, ''), 'row', standing.f.row + 1)
        WHEN standing.f.page IS NOT NULL THEN 'page ' || (standing.f.page + 1)
        -- The label of a page, and of a note put on one, is its number; pages without text have no part.
        WHEN parts.kind IN ('page', 'note') AND regexp_full_match(parts.label, '[0-9]+') THEN 'page ' || parts.label
        WHEN standing.f.start IS NOT NULL AND parts.label <> '' AND parts.kind IN ('section', 'family_history') THEN
            parts.label || ' ' || (standing.f.start + 1) || '-' || coalesce(standing.f.end, standing.f.start + 1)
        WHEN standing.f.start IS NOT NULL THEN
            -- A page that is a content of its own is named by its path.
            coalesce(CASE WHEN parts.kind = 'page' THEN 'characters' ELSE parts.kind END, 'part ' || standing.f.part_no)
            || ' ' || (standing.f.start + 1) || '-' || coalesce(standing.f.end, standing.f.start + 1)
        WHEN standing.f.locator IS NOT NULL THEN standing.f.locator
        ELSE coalesce(parts.kind, 'part') || ' ' || (standing.f.part_no + 1)
    END AS place
FROM standing
LEFT JOIN parts ON parts.blob_id = standing.blob_id AND parts.part_no = standing.f.part_no;
