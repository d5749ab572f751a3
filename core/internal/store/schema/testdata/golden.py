#!/usr/bin/env python3
"""Writes the schemas that the tests compare ours with.

    golden.py SCHEMA.json ENUM_ROWS.json > sqlite.golden
    golden.py SCHEMA.json ENUM_ROWS.json > postgres.golden

SCHEMA.json describes a database that the product's migrations made: {"tables": {NAME:
{"columns": [...], "primary_key": ..., "indexes": [...], "foreign_keys": [...]}}}. One of
PostgreSQL has "sequences" and "extensions" beside the tables; one of SQLite has the
"sql" of each table. ENUM_ROWS.json has the rows that the migrations insert: {"tables":
{NAME: [{COLUMN: VALUE}, ...]}}.

The output has one fact a line, in the form that the tests print. Nothing of it comes
from the SQL files of this package.
"""
import json
import re
import sys

# The moment of the migration is not a fact of the schema.
MOMENT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'")
CONSTRAINT = re.compile(
    r"CONSTRAINT (\w+) (PRIMARY KEY|FOREIGN KEY|UNIQUE|CHECK) ?\(([^)]*)\)"
)


def names(columns):
    return "(" + ", ".join(columns) + ")"


def column(table, place, col):
    line = f"column {table} {place} {col['name']} {col['type']}"
    if not col["nullable"]:
        line += " NOT NULL"
    if col["default"] is not None:
        line += " DEFAULT " + MOMENT.sub("<moment>", col["default"])
    if col.get("pk"):
        line += f" PK {col['pk']}"
    return line


def sqlite_index(table, ix):
    line = f"index {table} {ix['name']} {names(ix['columns'])}"
    if ix["origin"] != "c":  # not made by CREATE INDEX
        line += f" ORIGIN {ix['origin']}"
    if ix["unique"]:
        line += " UNIQUE"
    if ix["partial"]:
        line += " WHERE " + ix["sql"].split(" WHERE ", 1)[1]
    return line


def sqlite_foreign_key(table, fk):
    line = f"foreignkey {table} {names(fk['columns'])}"
    line += f" -> {fk['references_table']} {names(fk['references_columns'])}"
    for event in ("update", "delete"):
        if fk["on_" + event] != "NO ACTION":
            line += f" ON {event.upper()} {fk['on_' + event]}"
    return line


def sqlite_literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int)):
        return str(int(value))
    return "'" + value.replace("'", "''") + "'"


def sqlite_table(name, table):
    for m in CONSTRAINT.finditer(table["sql"]):
        yield f"constraint {name} {m[1]} {m[2]} ({m[3]})"
    for ix in sorted(table["indexes"], key=lambda i: i["name"]):
        yield sqlite_index(name, ix)
    for fk in sorted(table["foreign_keys"], key=lambda k: k["columns"]):
        yield sqlite_foreign_key(name, fk)


def postgres_foreign_key(table, fk):
    line = f"foreignkey {table} {fk['name']} {names(fk['columns'])}"
    line += f" -> {fk['references_table']} {names(fk['references_columns'])}"
    return line + f" {fk['on_update']}{fk['on_delete']}"  # pg_constraint's letters


def postgres_literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return f"'{str(value).lower()}'"
    return "'" + str(value).replace("'", "''") + "'"


def postgres_table(name, table):
    key = table["primary_key"]
    yield f"primarykey {name} {key['name']} {names(key['columns'])}"
    for ix in sorted(table["indexes"], key=lambda i: i["name"]):
        assert ix["unique"] == ix["definition"].startswith("CREATE UNIQUE"), ix
        assert (ix["predicate"] or "") in ix["definition"], ix
        yield f"index {name} {ix['definition']} [{', '.join(ix['opclasses'])}]"
    for fk in sorted(table["foreign_keys"], key=lambda k: k["name"]):
        yield postgres_foreign_key(name, fk)
    for other in table["other_constraints"]:
        yield f"constraint {name} {other}"


def main(schema_path, rows_path):
    with open(schema_path, encoding="utf-8") as f:
        schema = json.load(f)
    with open(rows_path, encoding="utf-8") as f:
        rows = json.load(f)["tables"]
    postgres = "sequences" in schema
    facts, literal = (
        (postgres_table, postgres_literal) if postgres else (sqlite_table, sqlite_literal)
    )
    for kind in ("extension", "enum_type", "sequence"):
        for name in schema.get(kind + "s", []):
            print(kind, name)
    for name, table in sorted(schema["tables"].items()):
        columns = sorted(table["columns"], key=lambda c: c["ordinal"])
        print(f"table {name}")
        # Columns that migrations dropped left gaps between the ordinals.
        for place, col in enumerate(columns, 1):
            print(column(name, place, col))
        for fact in facts(name, table):
            print(fact)
        for row in rows.get(name, []):
            print(f"row {name}", *(f"{c['name']}={literal(row[c['name']])}" for c in columns))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
