-- The stock counts: one row per product, warehouse and day of counting.
SELECT producto_id, almacen, fecha, stock
FROM source.inventario
