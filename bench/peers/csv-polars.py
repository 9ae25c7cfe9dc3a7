"""A CSV file to Parquet with polars, streaming."""

import sys

import polars

polars.scan_csv(sys.argv[1]).sink_parquet(sys.argv[2])
