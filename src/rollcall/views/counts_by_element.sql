-- One row per element: how many listed people have it exposed (all in scope), and how many by proof.
CREATE OR REPLACE VIEW counts_by_element AS
SELECT
    element,
    count(*) AS n_people,
    count(*) FILTER (WHERE list_contains(elements_proven, element)) AS n_people_proven
FROM (SELECT unnest(elements) AS element, elements_proven FROM individuals WHERE listed)
GROUP BY element;
