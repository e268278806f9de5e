-- One row per state of residence ("" where unknown): how many people are listed, and how many by proof.
CREATE OR REPLACE VIEW counts_by_state AS
SELECT
    coalesce(state, '') AS state,
    count(*) AS n_people,
    count(*) FILTER (WHERE len(list_filter(elements_proven, lambda e: e <> 'name')) > 0) AS n_people_proven
FROM individuals
WHERE listed
GROUP BY coalesce(state, '');
