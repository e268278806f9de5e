-- One row per content that could not be read wholly: whose names are visible around it, so whose data it may hold.
-- A layout with columns nobody knows stands for all tables like it (`layout ...` in place of a content): at risk are the
-- people of their rows. Of any other content visible are the mail that brought it and what stands between them, its own name there, and the names of what it holds.
CREATE OR REPLACE VIEW people_at_risk AS
WITH RECURSIVE lost AS (
    SELECT DISTINCT troubles.blob_id
    FROM troubles
    JOIN codes ON codes.code = troubles.code
    WHERE codes.loses AND troubles.code <> 'unmapped_columns'
),
around AS (
    SELECT e.blob_id AS lost_id, e.blob_id AS blob_id, lower(e.name) AS name, e.parent_id, e.family_id, 0 AS up
    FROM expansion AS e
    JOIN lost ON lost.blob_id = e.blob_id
    UNION
    SELECT a.lost_id, e.blob_id, a.name, CASE WHEN e.item_id <> a.family_id THEN e.parent_id END, a.family_id, 1
    FROM around AS a
    JOIN expansion AS e ON e.item_id = a.parent_id
)
SELECT a.lost_id AS blob_id, list_sort(list(DISTINCT people.names[1])) AS names
FROM around AS a
JOIN mentions AS m ON m.blob_id = a.blob_id
JOIN parts ON parts.blob_id = m.blob_id AND parts.part_no = m.part_no
JOIN links ON links.mention_id = m.mention_id
JOIN people ON people.individual_id = links.individual_id
WHERE len(people.names) > 0
  AND (m.is_subject OR NOT list_contains(people.roles, 'employee'))
  AND CASE
          WHEN parts.kind <> 'names' THEN a.up = 1
          WHEN a.up = 0 THEN true
          ELSE people.family_name IS NOT NULL AND contains(a.name, lower(people.family_name))
      END
GROUP BY a.lost_id
UNION ALL
SELECT troubles.locator, list_sort(list(DISTINCT people.names[1]))
FROM troubles
JOIN mentions AS m ON m.blob_id = troubles.blob_id AND m.part_no = troubles.part_no
JOIN links ON links.mention_id = m.mention_id
JOIN people ON people.individual_id = links.individual_id
WHERE troubles.code = 'unmapped_columns' AND m.kind = 'row' AND m.is_subject AND len(people.names) > 0
GROUP BY troubles.locator;
