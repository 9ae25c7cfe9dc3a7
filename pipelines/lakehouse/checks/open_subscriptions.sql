SELECT account_id, count(*) AS open
FROM subscriptions
WHERE status <> 'cancelled'
GROUP BY account_id
HAVING count(*) > 1
