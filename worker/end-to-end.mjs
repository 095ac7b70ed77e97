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

async function handIn(db, worker) {
  const outcomes = {};
  for await (const rows of finishedJobs(db)) {
    const said = JSON.parse(await worker.hand_in(JSON.stringify(rows), NOW));
    for (const [name, count] of Object.entries(said)) outcomes[name] = (outcomes[name] ?? 0) + count;
  }
  return outcomes;
}

const digest = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

try {
  const python = await startPython(site, { worker: join(repository, "worker") });
  python.runPython(`sys.path.insert(0, "/session/worker"); sys.dont_write_bytecode = True`);
  // Cloudflare's own base class gives a Worker its bindings as self.env
  python.runPython(`import types; sys.modules["workers"] = workers = types.ModuleType("workers")
class WorkerEntrypoint:
    def __init__(self, ctx, env): self.ctx, self.env = ctx, env
workers.WorkerEntrypoint = WorkerEntrypoint`);
  const studio = python.pyimport("studio");
  const found = JSON.parse(studio.adapters());
  assert.ok(found.includes("image-studio") && found.includes("stripe"), "adapters are found by their entry points");

  const db = await host.getD1Database("DB");
  const samples = join(repository, "example_adapters/image-studio/src/saascore_image_studio/samples/jobs.sql");
  const product = readFileSync(samples, "utf8").split(/;\n/).filter((text) => text.trim() && !/sqlite_sequence/.test(text));
  await db.batch(product.map((text) => db.prepare(text)));
  const native = (command, ...words) => execFileSync(join(bin, command), words, { encoding: "utf8" });
  const { ddl, meta } = JSON.parse(studio.tables(NOW));
  if (bin) {
    const printed = native("saascore", "ledger", "schema", "--dialect", "d1").split(/;\n/).map((part) => part.trim().replace(/;$/, "")).filter(Boolean);
    assert.deepEqual(printed, ddl.map((part) => part.trim()), "the command prints the same statements");
  }
  assert.ok(ddl.every((text) => Buffer.byteLength(text) <= 100_000), "a statement of D1 has at most 100,000 bytes");
  await db.batch([
    ...ddl.map((text) => db.prepare(text)),
    ...meta.map((pair) => db.prepare("INSERT INTO meta VALUES (?1, ?2)").bind(...pair)),
    db.prepare("INSERT INTO scopes VALUES (1, 'usage-event', 'image-studio')"),
  ]);
  const many = Array.from({ length: 101 }, (_, at) => `(?${at + 1})`).join(",");
  await assert.rejects(db.prepare(`VALUES ${many}`).bind(...Array(101).fill(1)).all(), /between \?1 and \?100|too many SQL variables/);

  const bucket = await host.getR2Bucket("RELEASES");
  const worker = python.pyimport("entry").Default(null, { DB: db, RELEASES: bucket, REFERENCE_KEY: randomBytes(32).toString("hex") });
  const outcomes = await handIn(db, worker);
  assert.ok(outcomes.accepted > 10, "rows were mapped");
  const again = await handIn(db, worker);
  assert.deepEqual([again.accepted, again.duplicate], [0, outcomes.accepted], "handing in again changes nothing");
  const { head, facts } = await db.prepare("SELECT max(position) AS head, count(*) AS facts FROM facts").first();
  assert.deepEqual([head, facts], [outcomes.accepted, outcomes.accepted], "positions have no gap");
  await assert.rejects(db.prepare("UPDATE facts SET body = ''").run(), /append-only/);

  const fact = (await db.prepare("SELECT body FROM facts LIMIT 1").first()).body;
  const broken = ["INSERT INTO facts (position, scope, body) VALUES (9999, 1, ?1)", "INSERT INTO facts (position, scope, body) VALUES (1, 1, ?1)"];
  await assert.rejects(db.batch(broken.map((text) => db.prepare(text).bind(fact))), /UNIQUE/);
  assert.equal(await db.prepare("SELECT count(*) AS n FROM facts").first("n"), facts, "a batch that fails leaves nothing");

  const published = JSON.parse(await worker.publish(...WINDOW, NOW, JSON.stringify(outcomes)));
  const read = async (name) => Buffer.from(await (await bucket.get(`packet/${name}`)).arrayBuffer());
  const manifest = JSON.parse(await read("manifest.json"));
  assert.deepEqual(manifest, published.manifest);
  assert.equal((await bucket.list({ prefix: "packet/" })).objects.length, manifest.artifacts.length + 1);
  const files = [];
  const packet = mkdtempSync(join(home, "packet-"));
  writeFileSync(join(packet, "manifest.json"), await read("manifest.json"));
  for (const { name, digest: expected } of manifest.artifacts) {
    const bytes = await read(name);
    assert.equal(digest(bytes), expected, `${name} came back as it went`);
    writeFileSync(join(packet, name), bytes);
    files.push(bytes);
  }
  const raw = (await db.prepare("SELECT id, workspace_id, user_id, execution_id FROM jobs").all()).results.flatMap(Object.values);
  const stored = [...(await db.prepare("SELECT body FROM facts").all()).results.map((row) => row.body), ...files];
  for (const text of stored.map((part) => Buffer.from(part).toString())) {
    assert.ok(!raw.some((value) => text.includes(value)), "no raw id is in a fact or in the packet");
  }
  await host.dispose();

  if (bin) {
    const folder = join(home, "d1/miniflare-D1DatabaseObject");
    const file = join(folder, readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)));
    // what marks a SQLite file as a ledger; D1 does not let anybody set it
    const window = ["--from", WINDOW[0], "--to", WINDOW[1], "--by", "plan,event_type,day"];
    const same = native("saascore", "usage", "summary", "--ledger", `sqlite:///${file}`, ...window, "--json");
    assert.deepEqual(JSON.parse(same), published.usage, "the native command reads the same summary from D1's file");
    native("saascore", "packet", "verify", packet);
  }
  console.log(`D1 -> facts -> D1 -> packet -> R2: ${JSON.stringify(outcomes)}, ${files.length + 1} files verified${bin ? ", natively too" : ""}`);
} finally {
  await host.dispose().catch(() => {});
  rmSync(home, { recursive: true, force: true });
}
