-- One row per content in which any finding stands, and block of text of it.
CREATE OR REPLACE TABLE found_in AS
SELECT DISTINCT blob_id, block FROM findings;
