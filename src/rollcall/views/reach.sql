-- One row per item: whether the intruder reached it (proven, possible, not_accessed), or unknown where no log tells.
CREATE OR REPLACE VIEW reach AS
SELECT
    e.item_id,
    coalesce(by_item.state, by_message.state, 'unknown') AS access,
    CASE coalesce(by_item.state, by_message.state)
        WHEN 'proven' THEN 0 WHEN 'possible' THEN 1 WHEN 'not_accessed' THEN 3 ELSE 2
    END AS access_rank
FROM expansion AS e
LEFT JOIN (
    SELECT item_id, min_by(state, list_position(['proven', 'possible', 'not_accessed'], state)) AS state
    FROM scope WHERE item_id IS NOT NULL GROUP BY item_id
) AS by_item ON by_item.item_id = e.family_id
LEFT JOIN (
    SELECT mailbox, message_id, min_by(state, list_position(['proven', 'possible', 'not_accessed'], state)) AS state
    FROM scope WHERE item_id IS NULL AND message_id IS NOT NULL GROUP BY mailbox, message_id
) AS by_message ON by_message.mailbox = e.mailbox AND by_message.message_id = e.message_id;
