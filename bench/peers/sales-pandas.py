"""The sales files into SQLite as a bare script would do it: no checks, no quarantine, no second run in mind."""

import sqlite3
import sys
from pathlib import Path

import pandas as pd

sample, target = Path(sys.argv[1]), sys.argv[2]
with sqlite3.connect(target) as database:
    for name in ("productos", "clientes", "ventas", "inventario"):
        rows = pd.read_csv(sample / f"{name}.csv", on_bad_lines="skip")
        rows.to_sql(name, database, if_exists="replace", index=False)
