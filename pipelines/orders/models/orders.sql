-- One row for each version of an order that was read. What is invalid goes into quarantine, and of the versions of one
-- order the latest stays: pipeline.ts says by what.
SELECT
  o.order_id,
  o.user_id,
  o.created_at,
  coalesce(o.updated_at, o.created_at) AS changed_at,
  -- Of two versions with the same time, always the same one is the later: by 63 bits of an MD5, the same in every release.
  (md5_number(concat_ws('|', o.user_id, epoch_us(o.created_at), epoch_us(o.updated_at), i.content)) & 9223372036854775807)::BIGINT AS version,
  coalesce(i.items, 0) AS items,
  coalesce(i.least_qty, 0) AS least_qty,
  coalesce(i.incomplete, 0) AS incomplete_items,
  o._row,
  o._file,
  o._line,
  o._offset
FROM source.orders AS o
LEFT JOIN (
  SELECT
    _parent,
    count(*) AS items,
    min(qty) AS least_qty,
    count(*) FILTER (sku IS NULL OR qty IS NULL OR price IS NULL) AS incomplete,
    (bit_xor(md5_number(concat_ws(':', _position, sku, qty, price))) & 9223372036854775807)::BIGINT AS content
  FROM source.orders_items
  GROUP BY _parent
) AS i ON i._parent = o._row
