-- The catalogue: one row per product.
SELECT producto_id, nombre, categoria, precio
FROM source.productos
