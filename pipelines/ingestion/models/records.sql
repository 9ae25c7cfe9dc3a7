-- The columns as they came, and the day (UTC) of the last change, by which files are put into folders.
SELECT
    record_id,
    name,
    note,
    amount,
    quantity,
    is_active,
    day,
    opened_at,
    changed_at,
    CAST(changed_at AS DATE) AS changed_on
FROM source.incoming
