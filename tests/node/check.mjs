// Reads {"schema": id, "value": ...} a line and answers a line what each validator says of the exported schema and the value.
// usage: node check.mjs FOLDER_OF_SCHEMAS < cases.ndjson
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { Validator } from "@cfworker/json-schema";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
addFormats(ajv);
const folder = process.argv[2];
const compiled = new Map();
for (const name of readdirSync(folder).filter((name) => name.endsWith(".schema.json"))) {
  const schema = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  compiled.set(schema.$id, {
    ajv: ajv.compile(schema),
    cfworker: ((made) => (value) => made.validate(value).valid)(new Validator(schema, "2020-12", true)),
    zod: ((made) => (value) => made.safeParse(value).success)(z.fromJSONSchema(schema)),
  });
}
for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value } = JSON.parse(line);
  const said = Object.entries(compiled.get(schema)).map(([name, takes]) => [name, takes(value)]);
  console.log(JSON.stringify(Object.fromEntries(said)));
}
