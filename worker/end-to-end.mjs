// A Python Worker's whole way in one process: job rows in a real local D1 -> facts made in Pyodide -> D1 -> summary and
// release packet made and scanned in Pyodide -> a real local R2, read back and verified.
// usage: node --wasm-lazy-compilation end-to-end.mjs SITE REPOSITORY [BIN]
// BIN holds a native python and saascore: they then read the same D1 file and the same packet and must agree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { APPEND, STORED } from "./append.mjs";
import { startPython } from "./runtime.mjs";

const [site, repository, bin] = process.argv.slice(2);
const NOW = "2026-11-20T18:00:00.000000Z";
const WINDOW = ["2026-10-01T00:00:00.000000Z", "2026-11-20T00:00:00.000000Z"];
const PAGE = 20; // rows a query; small, so that paging and chunks are exercised
const home = mkdtempSync(join(tmpdir(), "saascore-worker-"));
const host = new Miniflare({
  modules: true,
  script: "export default { fetch() { return new Response('unused') } }",
  compatibilityDate: "2026-04-01",
  d1Databases: { DB: "studio" },
  d1Persist: join(home, "d1"),
  r2Buckets: { RELEASES: "releases" },
  r2Persist: join(home, "r2"),
});

async function* finishedJobs(db) {
  let cursor = ["", ""];
  for (;;) {
    const { results } = await db
      .prepare(
        `SELECT jobs.*, 'occurrence' AS plan_basis, (SELECT plan FROM plan_history
           WHERE workspace_id = jobs.workspace_id AND starts_at <= jobs.finished_at ORDER BY starts_at DESC LIMIT 1) AS plan
         FROM jobs WHERE (finished_at, id) > (?1, ?2) ORDER BY finished_at, id LIMIT ${PAGE}`,
      )
      .bind(...cursor)
      .all();
    if (results.length === 0) return;
    yield results;
    const last = results.at(-1);
    cursor = [last.finished_at, last.id];
  }
}

async function handIn(db, studio) {
  const outcomes = { accepted: 0, duplicate: 0 };
  for await (const rows of finishedJobs(db)) {
    const mapped = JSON.parse(studio.facts(JSON.stringify(rows)));
    const chunk = JSON.stringify(mapped.facts);
    const done = await db.batch(APPEND.map((statement) => db.prepare(statement).bind(chunk)));
    const accepted = done.at(-1).results.length;
    outcomes.accepted += accepted;
    outcomes.duplicate += mapped.facts.length - accepted;
    for (const [name, count] of Object.entries(mapped.outcomes)) outcomes[name] = (outcomes[name] ?? 0) + count;
  }
  return outcomes;
}

const digest = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

try {
  const python = await startPython(site, { worker: join(repository, "worker") });
  python.runPython(`sys.path.insert(0, "/session/worker"); sys.dont_write_bytecode = True`);
  const worker = python.pyimport("studio");
  const found = JSON.parse(worker.adapters());
  assert.ok(found.includes("image-studio") && found.includes("stripe"), "adapters are found by their entry points");

  const db = await host.getD1Database("DB");
  const samples = join(repository, "example_adapters/image-studio/src/saascore_image_studio/samples/jobs.sql");
  const product = readFileSync(samples, "utf8").split(/;\n/).filter((text) => text.trim() && !/sqlite_sequence/.test(text));
  await db.batch(product.map((text) => db.prepare(text)));
  const { ddl, meta } = JSON.parse(worker.tables(NOW));
  await db.batch([
    ...ddl.map((text) => db.prepare(text)),
    ...meta.map((pair) => db.prepare("INSERT INTO meta VALUES (?1, ?2)").bind(...pair)),
    db.prepare("INSERT INTO scopes VALUES (1, 'usage-event', 'image-studio')"),
  ]);
  const many = Array.from({ length: 101 }, (_, at) => `(?${at + 1})`).join(",");
  await assert.rejects(db.prepare(`VALUES ${many}`).bind(...Array(101).fill(1)).all(), /between \?1 and \?100|too many SQL variables/);

  const studio = worker.Studio(randomBytes(32).toString("hex"), NOW);
  const outcomes = await handIn(db, studio);
  assert.ok(outcomes.accepted > 10, "rows were mapped");
  const again = await handIn(db, studio);
  assert.deepEqual([again.accepted, again.duplicate], [0, outcomes.accepted], "handing in again changes nothing");
  const { head, facts } = await db.prepare("SELECT max(position) AS head, count(*) AS facts FROM facts").first();
  assert.deepEqual([head, facts], [outcomes.accepted, outcomes.accepted], "positions have no gap");
  await assert.rejects(db.prepare("UPDATE facts SET body = ''").run(), /append-only/);

  const { results: usage } = await db.prepare(STORED).bind(...WINDOW).all();
  const summary = studio.summary(JSON.stringify(usage), ...WINDOW);

  const bucket = await host.getR2Bucket("RELEASES");
  const files = studio.packet(JSON.stringify(outcomes)).toJs({ dict_converter: (entries) => new Map(entries) });
  for (const [name, bytes] of files) {
    // R2 itself refuses bytes of another digest
    await bucket.put(`packet/${name}`, new Uint8Array(bytes), { sha256: digest(bytes).slice(7) });
  }
  const read = async (name) => Buffer.from(await (await bucket.get(`packet/${name}`)).arrayBuffer());
  const manifest = JSON.parse(await read("manifest.json"));
  assert.equal(manifest.artifacts.length, files.size - 1);
  const packet = mkdtempSync(join(home, "packet-"));
  writeFileSync(join(packet, "manifest.json"), await read("manifest.json"));
  for (const { name, digest: expected } of manifest.artifacts) {
    const bytes = await read(name);
    assert.equal(digest(bytes), expected, `${name} came back as it went`);
    writeFileSync(join(packet, name), bytes);
  }
  const raw = (await db.prepare("SELECT id, workspace_id, user_id, execution_id FROM jobs").all()).results.flatMap(Object.values);
  const stored = [...(await db.prepare("SELECT body FROM facts").all()).results.map((row) => row.body), ...files.values()];
  for (const text of stored.map((part) => Buffer.from(part).toString())) {
    assert.ok(!raw.some((value) => text.includes(value)), "no raw id is in a fact or in the packet");
  }
  await host.dispose();

  if (bin) {
    const folder = join(home, "d1/miniflare-D1DatabaseObject");
    const file = join(folder, readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)));
    const native = (command, ...words) => execFileSync(join(bin, command), words, { encoding: "utf8" });
    // what marks a SQLite file as a ledger; D1 does not let anybody set it
    const window = ["--from", WINDOW[0], "--to", WINDOW[1], "--by", "plan,event_type,day"];
    const same = native("saascore", "usage", "summary", "--ledger", `sqlite:///${file}`, ...window, "--json");
    assert.deepEqual(JSON.parse(same), JSON.parse(summary), "the native command reads the same summary from D1's file");
    native("saascore", "packet", "verify", packet);
  }
  console.log(`D1 -> facts -> D1 -> packet -> R2: ${JSON.stringify(outcomes)}, ${files.size} files verified${bin ? ", natively too" : ""}`);
} finally {
  await host.dispose().catch(() => {});
  rmSync(home, { recursive: true, force: true });
}
