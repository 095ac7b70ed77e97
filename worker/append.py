# ruff: noqa: INP001, S608  a Worker's module is a plain one; every part of the SQL is ours
"""SQL for the ledger's tables in D1.

One chunk of facts is one ``batch()``, so one transaction, with one bound parameter a statement: a JSON text. The UNIQUE
constraint on ``keys`` decides what is new; positions stay without a gap because D1 has one writer.
"""

_EACH = "FROM json_each(?1)"
_KEYED = f"{_EACH} JOIN keys ON keys.body = unhex(value ->> 'key') AND keys.scope = 1"
_HEAD = "(SELECT coalesce(max(position), 0) FROM facts)"
APPEND = (
    f"INSERT INTO shapes (label) SELECT DISTINCT value ->> 'shape' {_EACH} WHERE true ON CONFLICT DO NOTHING",
    f"INSERT INTO subjects (label) SELECT DISTINCT value ->> 'subject' {_EACH} WHERE true ON CONFLICT DO NOTHING",
    f"""INSERT INTO keys (body, scope, position)
    SELECT fresh.body, 1, {_HEAD} + row_number() OVER (ORDER BY fresh.number)
    FROM (SELECT unhex(value ->> 'key') AS body, min(key) AS number {_EACH} GROUP BY 1) AS fresh
    WHERE NOT EXISTS (SELECT 1 FROM keys WHERE keys.body = fresh.body AND keys.scope = 1) ON CONFLICT DO NOTHING""",
    f"""INSERT INTO usage (position, shape, subject, occurred_at, whole, nanos, sequence, event)
    SELECT keys.position, shapes.shape, subjects.subject, value ->> 'occurred_at', value ->> 'whole', value ->> 'nanos',
      value ->> 'sequence', unhex(value ->> 'event')
    {_KEYED} JOIN shapes ON shapes.label = value ->> 'shape' JOIN subjects ON subjects.label = value ->> 'subject'
    WHERE keys.position > {_HEAD} ORDER BY json_each.key ON CONFLICT DO NOTHING""",
    f"""INSERT INTO facts (position, kind, scope, body) SELECT keys.position, 1, 1, value ->> 'body' {_KEYED}
    WHERE true ORDER BY json_each.key ON CONFLICT DO NOTHING RETURNING position""",
)
STORED = """SELECT position, shapes.label AS shape, usage.subject, occurred_at, whole, nanos, sequence, hex(event) AS event
FROM usage JOIN shapes USING (shape) WHERE occurred_at >= ?1 AND occurred_at < ?2 ORDER BY position"""
