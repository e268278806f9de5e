-- One row per person who belongs in the table of individuals, with what is exposed of them.
-- A name alone makes no row. That somebody is a patient or member is itself health information, so anything beside the
-- name counts. Of employees a phone and e-mail address do not: they are at work in every mailbox. Everybody else is
-- listed only through what is sensitive in itself.
CREATE OR REPLACE TABLE persons AS
WITH exposed AS (
    SELECT
        a.individual_id,
        a.element,
        bool_or(holders.access <> 'not_accessed') AS in_scope,
        bool_or(holders.access = 'proven') AS proven
    FROM (SELECT DISTINCT individual_id, element, content_id FROM attributions WHERE counts) AS a
    JOIN (SELECT DISTINCT content_id, access FROM holders) AS holders ON holders.content_id = a.content_id
    GROUP BY a.individual_id, a.element
),
gathered AS (
    SELECT
        individual_id,
        list_sort(list(element) FILTER (WHERE in_scope)) AS elements,
        coalesce(list_sort(list(element) FILTER (WHERE proven)), []) AS elements_proven
    FROM exposed
    GROUP BY individual_id
),
rulings AS (
    SELECT links.individual_id, max_by(d.kind, {'at': d.decided_at, 'id': d.decision_id}) AS kind
    FROM decisions AS d
    JOIN links ON links.mention_id = d.anchor
    WHERE d.kind IN ('confirm', 'exclude') AND d.undone_by IS NULL
    GROUP BY links.individual_id
)
SELECT
    people.individual_id,
    CASE
        WHEN rulings.kind = 'confirm' THEN 'confirmed'
        WHEN rulings.kind = 'exclude' THEN 'excluded'
        WHEN people.status = 'proposed' AND round(people.confidence, 4) < getvariable('person_confidence')
            THEN 'unresolved'
        ELSE people.status
    END AS status,
    coalesce(gathered.elements, []) AS elements,
    coalesce(gathered.elements_proven, []) AS elements_proven
FROM people
LEFT JOIN gathered ON gathered.individual_id = people.individual_id
LEFT JOIN rulings ON rulings.individual_id = people.individual_id
WHERE rulings.kind = 'confirm'
   OR len(list_filter(
        coalesce(gathered.elements, []),
        lambda element: NOT list_contains(
            CASE
                WHEN list_has_any(people.roles, ['patient', 'member']) THEN ['name']
                WHEN list_contains(people.roles, 'employee') THEN ['name', 'phone', 'email']
                ELSE [
                    'name', 'address', 'phone', 'email', 'date_of_death', 'date_of_service', 'provider',
                    'billing_amount', 'other_id'
                ]
            END,
            element
        )
    )) > 0;
