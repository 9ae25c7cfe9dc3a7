-- The database that normalized_payment_events is made in: empty, the first run makes its tables.
SELECT 1;
