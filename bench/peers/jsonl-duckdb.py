"""Nested JSON Lines to a parent and a child table as Parquet, with DuckDB's own reader. It may lose digits."""

import sys

import duckdb

path, folder = sys.argv[1], sys.argv[2]
duckdb.execute("SET threads = 2; SET memory_limit = '2GB'")
read = f"read_json('{path}', format = 'newline_delimited')"
parent = f"SELECT id, customer.name, customer.country, created_at, total, note FROM {read}"
child = f"SELECT id, i.sku, i.qty, i.price FROM (SELECT id, unnest(items) AS i FROM {read})"
duckdb.execute(f"COPY ({parent}) TO '{folder}/parent.parquet' (FORMAT parquet)")
duckdb.execute(f"COPY ({child}) TO '{folder}/child.parquet' (FORMAT parquet)")
