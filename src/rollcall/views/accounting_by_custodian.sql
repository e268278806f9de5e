-- One row per custodian ("" for files that are nobody's): how many items they had, and how they ended.
CREATE OR REPLACE VIEW accounting_by_custodian AS
SELECT
    coalesce(e.custodian, e.mailbox, '') AS custodian,
    count(*) AS n_items,
    count(*) FILTER (WHERE items.end_state = 'read') AS n_read,
    count(*) FILTER (WHERE items.end_state = 'empty') AS n_empty,
    count(*) FILTER (WHERE items.end_state = 'problem') AS n_problem,
    count(*) FILTER (WHERE items.end_state = 'skipped') AS n_skipped
FROM items
LEFT JOIN expansion AS e ON e.item_id = items.item_id
GROUP BY ALL;
