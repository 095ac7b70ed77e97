// One chunk of facts into the tables of a ledger: a D1 batch, so one transaction, with one bound parameter a statement.
// The UNIQUE constraint on keys decides what is new; positions stay without a gap because D1 has one writer.
const EACH = "FROM json_each(?1)";
const KEYED = `${EACH} JOIN keys ON keys.body = unhex(value ->> 'key') AND keys.scope = 1`;
export const APPEND = [
  `INSERT INTO shapes (label) SELECT DISTINCT value ->> 'shape' ${EACH} WHERE true ON CONFLICT DO NOTHING`,
  `INSERT INTO subjects (label) SELECT DISTINCT value ->> 'subject' ${EACH} WHERE true ON CONFLICT DO NOTHING`,
  `INSERT INTO keys (body, scope, position)
   SELECT fresh.body, 1, (SELECT coalesce(max(position), 0) FROM facts) + row_number() OVER (ORDER BY fresh.number)
   FROM (SELECT unhex(value ->> 'key') AS body, min(key) AS number ${EACH} GROUP BY 1) AS fresh
   WHERE NOT EXISTS (SELECT 1 FROM keys WHERE keys.body = fresh.body AND keys.scope = 1) ON CONFLICT DO NOTHING`,
  `INSERT INTO usage (position, shape, subject, occurred_at, whole, nanos, sequence, event)
   SELECT keys.position, shapes.shape, subjects.subject, value ->> 'occurred_at', value ->> 'whole', value ->> 'nanos',
     value ->> 'sequence', unhex(value ->> 'event')
   ${KEYED} JOIN shapes ON shapes.label = value ->> 'shape' JOIN subjects ON subjects.label = value ->> 'subject'
   WHERE keys.position > (SELECT coalesce(max(position), 0) FROM facts) ORDER BY json_each.key ON CONFLICT DO NOTHING`,
  `INSERT INTO facts (position, kind, scope, body) SELECT keys.position, 1, 1, value ->> 'body' ${KEYED}
   WHERE true ORDER BY json_each.key ON CONFLICT DO NOTHING RETURNING position`,
];
export const STORED = `SELECT position, shapes.label AS shape, usage.subject, occurred_at, whole, nanos, sequence,
  hex(event) AS event FROM usage JOIN shapes USING (shape) WHERE occurred_at >= ?1 AND occurred_at < ?2 ORDER BY position`;
