-- One row per picture that counts as empty: few unsure letters and no number, nothing found on it, and in the mail of
-- many conversations, as logos and scribbled signatures are. Once or twice it could be a card, so it stays a problem.
CREATE OR REPLACE TABLE emblems AS
SELECT
    e.blob_id,
    count(DISTINCT e.family_id) AS n_mails
FROM expansion AS e
JOIN expansion AS mail ON mail.item_id = e.family_id
WHERE e.blob_id IN (SELECT blob_id FROM troubles WHERE code = 'few_letters')
  AND e.blob_id NOT IN (SELECT blob_id FROM found_in)
  AND mail.kind = 'message'
GROUP BY e.blob_id
HAVING count(DISTINCT e.family_id) >= 6
   AND count(DISTINCT regexp_replace(lower(coalesce(mail.subject, '')), '^(\s*(re|fwd?|aw|wg|rv|tr|enc)\s*:)+\s*', '')) >= 4;
