"""A CSV file to Parquet with dlt and its own CSV reader."""

import sys

import dlt
from dlt.sources.filesystem import filesystem, read_csv

path, folder = sys.argv[1], sys.argv[2]
parent, name = path.rsplit("/", 1)
pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=dlt.destinations.filesystem(f"file://{folder}/out"))
source = filesystem(bucket_url=parent, file_glob=name) | read_csv()
pipeline.run(source, table_name="bench", write_disposition="replace", loader_file_format="parquet")
