-- One row per attribution: its place as the user's program shows it, counted from 1, both ends included.
CREATE OR REPLACE VIEW places AS
WITH pages AS (
    SELECT blob_id, part_no, row_number() OVER (PARTITION BY blob_id ORDER BY part_no) AS page
    FROM parts
    WHERE kind = 'page'
)
SELECT
    a.individual_id,
    a.finding_id,
    a.content_id,
    CASE
        WHEN a.row IS NOT NULL AND parts.kind = 'sheet' THEN
            coalesce(nullif(parts.label, '') || '!', '')
            || CASE WHEN a.col >= 702 THEN chr(64 + ((a.col - 702) // 676 + 1)::INTEGER) ELSE '' END
            || CASE WHEN a.col >= 26 THEN chr(65 + ((a.col - 26) // 26 % 26)::INTEGER) ELSE '' END
            || coalesce(chr(65 + (a.col % 26)::INTEGER), '')
            || (a.row + 1)
        WHEN a.row IS NOT NULL THEN concat_ws(' ', nullif(parts.label, ''), 'row', a.row + 1)
        WHEN coalesce(a.page + 1, pages.page) IS NOT NULL THEN 'page ' || coalesce(a.page + 1, pages.page)
        WHEN a.start IS NOT NULL THEN
            coalesce(parts.kind, 'part ' || a.part_no) || ' ' || (a.start + 1) || '-' || coalesce(a."end", a.start + 1)
        WHEN a.locator IS NOT NULL THEN a.locator
        ELSE coalesce(parts.kind, 'part') || ' ' || (a.part_no + 1)
    END AS place
FROM attributions AS a
LEFT JOIN parts ON parts.blob_id = a.blob_id AND parts.part_no = a.part_no
LEFT JOIN pages ON pages.blob_id = a.blob_id AND pages.part_no = a.part_no;
