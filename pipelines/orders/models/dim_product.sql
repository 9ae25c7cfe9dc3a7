SELECT sku, name, category, price, updated_at
FROM source.products
