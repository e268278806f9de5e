-- One row per person, as the contract shows it.
CREATE OR REPLACE VIEW individuals AS
WITH held AS (
    SELECT individual_id, list_sort(list(DISTINCT content_id)) AS contents
    FROM attributions
    WHERE counts
    GROUP BY individual_id
),
-- Thousands of people stand in the same spreadsheet: items are counted once per set of contents, not per person.
counted AS (
    SELECT sets.contents, count(DISTINCT o.item_id) AS n_items
    FROM (SELECT contents, unnest(contents) AS content_id FROM (SELECT DISTINCT contents FROM held)) AS sets
    JOIN occurrences AS o ON o.content_id = sets.content_id
    GROUP BY sets.contents
),
entities AS (
    SELECT sets.contents, list_sort(list(DISTINCT holders.entity)) AS entities
    FROM (SELECT contents, unnest(contents) AS content_id FROM (SELECT DISTINCT contents FROM held)) AS sets
    JOIN holders ON holders.content_id = sets.content_id
    WHERE holders.entity IS NOT NULL
    GROUP BY sets.contents
),
linked AS (
    SELECT individual_id, count(DISTINCT mention_id) AS n_mentions FROM links GROUP BY individual_id
)
SELECT
    people.individual_id,
    persons.status IN ('proposed', 'confirmed') AS listed,
    persons.status,
    people.names,
    people.given_name,
    people.middle_name,
    people.family_name,
    people.suffix,
    people.date_of_birth,
    people.date_of_birth_text,
    people.identifiers,
    people.addresses,
    people.phones,
    people.emails,
    people.state,
    people.state_source,
    people.roles,
    coalesce(entities.entities, []) AS entities,
    people.minor,
    people.deceased,
    people.guardian,
    people.language,
    people.roster_ids,
    persons.elements,
    persons.elements_proven,
    coalesce(counted.n_items, 0) AS n_items,
    coalesce(linked.n_mentions, 0) AS n_mentions,
    round(people.confidence, 4) AS confidence,
    people.candidates,
    coalesce(minted.first_seen_run, 0) AS first_seen_run
FROM people
JOIN persons ON persons.individual_id = people.individual_id
LEFT JOIN held ON held.individual_id = people.individual_id
LEFT JOIN counted ON counted.contents = held.contents
LEFT JOIN entities ON entities.contents = held.contents
LEFT JOIN linked ON linked.individual_id = people.individual_id
LEFT JOIN minted ON minted.individual_id = people.individual_id;
