// The official client, used as an application would. Prints "ok" or fails with what went wrong.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { createClient } from "@clickhouse/client";

const url = process.argv[2];
const who = { username: "default", password: process.argv[3] };
const client = createClient({ url, ...who, compression: { request: true, response: true } });
const plain = createClient({ url, ...who, application: "check", clickhouse_settings: { wait_end_of_query: 1 } });

assert.equal((await client.ping()).success, true);
assert.equal((await client.ping({ select: true })).success, true);

await plain.command({ query: "CREATE TABLE js (id UInt64, name String, at DateTime64(3)) ENGINE = MergeTree ORDER BY id" });

// Arrays and streams go in, compressed by gzip.
const inserted = await client.insert({ table: "js", values: [{ id: 1, name: "'quoted' \\ \n", at: "2024-01-02 03:04:05.678" }], format: "JSONEachRow" });
assert.equal(inserted.summary.written_rows, "1");
const rows = Array.from({ length: 50_000 }, (_, i) => ({ id: i + 2, name: `n${i}`, at: "2024-01-01 00:00:00.000" }));
await client.insert({ table: "js", values: Readable.from(rows, { objectMode: true }), format: "JSONEachRow" });

// Results come out whole, with the server's counts, and as a stream.
const all = await client.query({ query: "SELECT * FROM js ORDER BY id LIMIT 1", format: "JSON" });
assert.equal(all.response_headers["x-clickhouse-format"], "JSON");
assert.deepEqual((await all.json()).data, [{ id: 1, name: "'quoted' \\ \n", at: "2024-01-02 03:04:05.678" }]);
const stream = (await client.query({ query: "SELECT id FROM js ORDER BY id", format: "JSONEachRow" })).stream();
let seen = 0;
for await (const chunk of stream) {
  for (const row of chunk) {
    assert.equal(Number(row.json().id), ++seen);
  }
}
assert.equal(seen, 50_001);

// Parameters of many types, bound by the server.
const bound = await client.query({
  query: "SELECT {text: String} AS text, {list: Array(Int32)} AS list, {when: DateTime} AS at, {none: Nullable(String)} AS none, {name: Identifier} AS col FROM js WHERE id = 1",
  query_params: { text: "a'b\\c\td\ne", list: [1, 2, 3], when: new Date(Date.UTC(2024, 0, 1)), none: null, name: "id" },
  format: "JSONEachRow",
});
assert.deepEqual(await bound.json(), [{ text: "a'b\\c\td\ne", list: [1, 2, 3], at: "2024-01-01 00:00:00", none: null, col: 1 }]);

// Errors arrive as the client's own kind, before and after the first rows.
await assert.rejects(client.query({ query: "SELECT nope" }), (e) => e.code === "47" && e.type === "UNKNOWN_IDENTIFIER");
await assert.rejects(client.command({ query: "SYSTEM SHUTDOWN" }), (e) => e.code === "497" && e.type === "ACCESS_DENIED");
for (const one of [client, createClient({ url, ...who, compression: { response: false } })]) {
  const late = await one.query({ query: "SELECT number, throwIf(number = 3000000) FROM numbers(10000000)", format: "JSONEachRow", clickhouse_settings: { max_threads: 1 } });
  await assert.rejects(async () => {
    for await (const chunk of late.stream()) {
      assert.ok(chunk.length >= 0);
    }
  });
  if (one !== client) {
    await one.close();
  }
}

// A query id is the caller's, and leaving stops the query.
const abort = new AbortController();
const endless = client.query({ query: "SELECT count() FROM numbers(1000000000000)", query_id: "js-endless", abort_signal: abort.signal });
setTimeout(() => abort.abort(), 200);
await assert.rejects(endless);

const exec = await plain.exec({ query: "SELECT 42 FORMAT TabSeparated" });
let text = "";
for await (const part of exec.stream) {
  text += part;
}
assert.equal(text, "42\n");

await client.close();
await plain.close();
console.log("ok");
