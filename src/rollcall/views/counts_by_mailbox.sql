-- One row per mailbox ("" for files outside one): people whose data any of its items hold; people stand in several.
CREATE OR REPLACE VIEW counts_by_mailbox AS
SELECT
    coalesce(holders.mailbox, '') AS mailbox,
    count(DISTINCT a.individual_id) FILTER (WHERE holders.access <> 'not_accessed') AS n_people,
    count(DISTINCT a.individual_id) FILTER (WHERE holders.access = 'proven' AND a.element <> 'name') AS n_people_proven
FROM (SELECT DISTINCT individual_id, element, content_id FROM attributions WHERE counts) AS a
JOIN persons ON persons.individual_id = a.individual_id AND persons.status IN ('proposed', 'confirmed')
JOIN holders ON holders.content_id = a.content_id
GROUP BY coalesce(holders.mailbox, '');
