-- One row: the numbers a report opens with, people counted both ways (all in scope; proven only).
CREATE OR REPLACE VIEW headline AS
SELECT
    count(*) FILTER (WHERE listed) AS n_people,
    count(*) FILTER (WHERE listed AND len(list_filter(elements_proven, lambda e: e <> 'name')) > 0) AS n_people_proven,
    count(*) FILTER (WHERE status = 'confirmed') AS n_confirmed,
    count(*) FILTER (WHERE status = 'unresolved') AS n_unresolved,
    count(*) FILTER (WHERE status = 'excluded') AS n_excluded,
    count(*) FILTER (WHERE listed AND minor) AS n_minors,
    count(*) FILTER (WHERE listed AND deceased) AS n_deceased,
    (SELECT count(*) FROM problems WHERE state = 'open') AS n_open_problems
FROM individuals;
