-- One row per item that a recorded decision leaves out of the reading.
CREATE OR REPLACE VIEW skips AS
SELECT DISTINCT anchor AS item_id
FROM decisions
WHERE kind = 'skip' AND undone_by IS NULL;
