-- The sales: one row per sale, with its exact amount and its customer's city.
-- A left join, so that a sale by an unknown customer stays a sale. An amount that does not fit 15 digits
-- (the most that SQLite's numbers give back exactly) is an error, never rounded.
SELECT
  v.venta_id,
  v.fecha,
  v.cliente_id,
  v.producto_id,
  v.cantidad,
  v.precio_unitario,
  CAST(v.cantidad * v.precio_unitario AS DECIMAL(15, 2)) AS importe,
  coalesce(c.ciudad, 'ciudad_desconocida') AS ciudad
FROM source.ventas AS v
LEFT JOIN clientes AS c ON c.cliente_id = v.cliente_id
