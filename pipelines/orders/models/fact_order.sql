-- One row for each item of an order; an order without items keeps one row, whose item is 0.
SELECT
  o.order_id,
  coalesce(i.item, 0) AS item,
  o.user_id,
  u.country AS user_country,
  i.sku,
  p.category,
  i.qty,
  i.price,
  i.qty * i.price AS amount,
  o.created_at,
  -- The day in UTC: by the number of the instant, as a calendar of zones takes ten times as long.
  CAST(make_timestamp(epoch_us(o.created_at)) AS DATE) AS created_date,
  o.changed_at,
  o.version
FROM orders AS o
LEFT JOIN items AS i ON i.order_id = o.order_id
LEFT JOIN dim_user AS u ON u.user_id = o.user_id
LEFT JOIN dim_product AS p ON p.sku = i.sku
