-- One row for each item of a valid order.
SELECT o.order_id, i._position AS item, i.sku, i.qty, i.price
FROM orders AS o
JOIN source.orders_items AS i ON i._parent = o._row
