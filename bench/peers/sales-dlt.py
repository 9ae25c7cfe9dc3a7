"""ventas.csv into a DuckDB file with dlt and its own CSV reader."""

import sys

import dlt
from dlt.sources.filesystem import filesystem, read_csv

sample, folder = sys.argv[1], sys.argv[2]
pipeline = dlt.pipeline("sales", pipelines_dir=folder, destination=dlt.destinations.duckdb(f"{folder}/sales.duckdb"))
source = filesystem(bucket_url=sample, file_glob="ventas.csv") | read_csv(on_bad_lines="skip")
pipeline.run(source, table_name="ventas", write_disposition="replace")
