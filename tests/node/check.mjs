// Reads {"schema": id, "value": ...} a line and answers true or false a line: does the exported schema take it?
// usage: node check.mjs FOLDER_OF_SCHEMAS < cases.ndjson
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
addFormats(ajv);
const folder = process.argv[2];
const compiled = new Map();
for (const name of readdirSync(folder).filter((name) => name.endsWith(".schema.json"))) {
  const schema = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
  compiled.set(schema.$id, ajv.compile(schema));
}
for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value } = JSON.parse(line);
  console.log(String(compiled.get(schema)(value)));
}
