"""A Singer target into SQLite that keeps the first of each key: ``… | python singer_target.py DATABASE [tuned]``.

The SDK's SQL sink, with its JSON Schema validation, ``OR IGNORE`` in place of a plain insert, and objects written as JSON, as
targets without a type for them do. Tuned, messages are read by msgspec, an extra of the SDK, and validated by fastjsonschema,
which its documentation shows how to use. ``python singer_target.py check [tuned] FACTS`` tells which facts the sink's own
validator takes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from facts import SCHEMA
from singer_sdk import SQLConnector, SQLSink, SQLTarget
from singer_sdk.exceptions import InvalidRecord


class Connector(SQLConnector):
    def get_sqlalchemy_url(self, config: dict[str, Any]) -> str:
        return f"sqlite:///{config['database']}"


class Facts(SQLSink):
    connector_class = Connector

    def generate_insert_statement(self, full_table_name: Any, schema: dict[str, Any]) -> Any:
        return super().generate_insert_statement(full_table_name, schema).prefix_with("OR IGNORE")

    def bulk_insert_records(
        self, full_table_name: Any, schema: dict[str, Any], records: Iterable[dict[str, Any]]
    ) -> int | None:
        nested = [name for name, rule in schema["properties"].items() if rule["type"] == "object"]
        for record in records:
            for name in nested:
                record[name] = json.dumps(record[name])
        return super().bulk_insert_records(full_table_name, schema, records)


class Database(SQLTarget):
    name = "target-database"
    default_sink_class = Facts
    config_jsonschema = {"type": "object", "properties": {"database": {"type": "string"}}}  # noqa: RUF012


def tune() -> None:
    import fastjsonschema
    from singer_sdk.contrib.msgspec import MsgSpecReader
    from singer_sdk.sinks.core import BaseJSONSchemaValidator

    class Compiled(BaseJSONSchemaValidator):
        def __init__(self, schema: dict[str, Any]) -> None:
            super().__init__(schema)
            self._check = fastjsonschema.compile(schema)

        def validate(self, record: dict[str, Any]) -> None:
            try:
                self._check(record)
            except fastjsonschema.JsonSchemaValueException as error:
                raise InvalidRecord(error.message, record) from error

    Database.message_reader_class = MsgSpecReader
    Facts.get_validator = lambda sink: Compiled(sink.schema)


def check(facts: Path) -> list[bool]:
    target = Database(config={"database": ":memory:"})
    sink = target.get_sink("facts", record={}, schema=SCHEMA, key_properties=["idempotency_key"])

    def takes(fact: dict[str, Any]) -> bool:
        try:
            sink._validator.validate(fact)  # noqa: SLF001  what every record passes
        except InvalidRecord:
            return False
        return True

    return [takes(json.loads(line)) for line in facts.read_text().splitlines()]


if __name__ == "__main__":
    if "tuned" in sys.argv:
        tune()
    if sys.argv[1] == "check":
        print(json.dumps(check(Path(sys.argv[-1]))))
    else:
        Database(config={"database": sys.argv[1]}).listen()
