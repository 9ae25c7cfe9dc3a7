-- The customers: one row per customer, with the city that sales inherit.
SELECT cliente_id, nombre, ciudad, email, fecha_alta
FROM source.clientes
