"""A Singer target into SQLite that keeps the first of each key: ``… | python singer_target.py DATABASE``.

The SDK's SQL sink, with its JSON Schema validation, and ``OR IGNORE`` in place of a plain insert.
"""

from __future__ import annotations

import sys
from typing import Any

from singer_sdk import SQLConnector, SQLSink, SQLTarget


class Connector(SQLConnector):
    def get_sqlalchemy_url(self, config: dict[str, Any]) -> str:
        return f"sqlite:///{config['database']}"


class Facts(SQLSink):
    connector_class = Connector

    def generate_insert_statement(self, full_table_name: Any, schema: dict[str, Any]) -> Any:
        return super().generate_insert_statement(full_table_name, schema).prefix_with("OR IGNORE")


class Database(SQLTarget):
    name = "target-database"
    default_sink_class = Facts
    config_jsonschema = {"type": "object", "properties": {"database": {"type": "string"}}}  # noqa: RUF012


if __name__ == "__main__":
    Database(config={"database": sys.argv[1]}).listen()
