-- Units sold by category, in the order of the catalogue. A category without sales counts 0;
-- sales of a product that the catalogue does not know belong to no category.
SELECT
  p.categoria,
  CAST(coalesce(sum(v.cantidad), 0) AS BIGINT) AS unidades
FROM productos AS p
LEFT JOIN ventas AS v ON v.producto_id = p.producto_id
GROUP BY p.categoria
ORDER BY min(p.producto_id)
