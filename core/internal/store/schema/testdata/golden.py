#!/usr/bin/env python3
"""Writes schema.golden, the schema that the tests compare ours with.

    golden.py SCHEMA.json ENUM_ROWS.json > schema.golden

SCHEMA.json describes a SQLite database that the product's migrations made:
{"tables": {NAME: {"columns": [...], "primary_key": [...], "indexes": [...],
"foreign_keys": [...], "sql": "CREATE TABLE ..."}}}. ENUM_ROWS.json has the
rows that the migrations insert: {"tables": {NAME: [{COLUMN: VALUE}, ...]}}.

The output has one fact a line, in the form that dump_test.go prints. Nothing
of it comes from the SQL files of this package.
"""
import json
import re
import sys

MOMENT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'")
CONSTRAINT = re.compile(
    r"CONSTRAINT (\w+) (PRIMARY KEY|FOREIGN KEY|UNIQUE|CHECK) ?\(([^)]*)\)"
)


def names(columns):
    return "(" + ", ".join(columns) + ")"


def column(table, col):
    line = f"column {table} {col['ordinal']} {col['name']} {col['type']}"
    if not col["nullable"]:
        line += " NOT NULL"
    if col["default"] is not None:
        # The moment of the migration is not a fact of the schema.
        line += " DEFAULT " + MOMENT.sub("<moment>", col["default"])
    if col["pk"]:
        line += f" PK {col['pk']}"
    return line


def index(table, ix):
    line = f"index {table} {ix['name']} {names(ix['columns'])}"
    if ix["origin"] != "c":  # not made by CREATE INDEX
        line += f" ORIGIN {ix['origin']}"
    if ix["unique"]:
        line += " UNIQUE"
    if ix["partial"]:
        line += " WHERE " + ix["sql"].split(" WHERE ", 1)[1]
    return line


def foreign_key(table, fk):
    line = f"foreignkey {table} {names(fk['columns'])}"
    line += f" -> {fk['references_table']} {names(fk['references_columns'])}"
    for event in ("update", "delete"):
        if fk["on_" + event] != "NO ACTION":
            line += f" ON {event.upper()} {fk['on_' + event]}"
    return line


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int)):
        return str(int(value))
    return "'" + value.replace("'", "''") + "'"


def main(schema_path, rows_path):
    with open(schema_path, encoding="utf-8") as f:
        tables = json.load(f)["tables"]
    with open(rows_path, encoding="utf-8") as f:
        rows = json.load(f)["tables"]
    for name, table in sorted(tables.items()):
        columns = sorted(table["columns"], key=lambda c: c["ordinal"])
        print(f"table {name}")
        for col in columns:
            print(column(name, col))
        for m in CONSTRAINT.finditer(table["sql"]):
            print(f"constraint {name} {m[1]} {m[2]} ({m[3]})")
        for ix in sorted(table["indexes"], key=lambda i: i["name"]):
            print(index(name, ix))
        for fk in sorted(table["foreign_keys"], key=lambda k: k["columns"]):
            print(foreign_key(name, fk))
        for row in rows.get(name, []):
            print(f"row {name}", *(f"{c['name']}={literal(row[c['name']])}" for c in columns))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
