// node check.mjs FILE MAPPING ENDPOINTS.JSON: counts the file, asks ClickHouse, and says line by line whether they agree. Exit code 1 when not.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { count } from "./count.mjs";

const [file, mappingPath, endpoints] = process.argv.slice(2);
const mapping = parse(readFileSync(mappingPath, "utf8"));
const schema = JSON.parse(readFileSync(fileURLToPath(new URL(`../../pipeline/Contract/Schemas/${mapping.topic}.schema.json`, import.meta.url)), "utf8"));
const { clickhouse: url, clickHouseReader: user, clickHouseReaderPassword: password } = JSON.parse(readFileSync(endpoints, "utf8"));
const headers = user ? { "X-ClickHouse-User": user, "X-ClickHouse-Key": password } : {};

async function query(sql) {
  const answer = await fetch(`${url}/?database=engagement&default_format=JSONEachRow`, { method: "POST", headers, body: sql });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`ClickHouse: ${text}`);
  return text.split("\n").filter(Boolean).map(line => JSON.parse(line));
}

let wrong = 0;
function compare(what, inFile, inClickHouse) {
  const same = String(inFile) === String(inClickHouse);
  if (!same) wrong++;
  console.log(`${same ? "same  " : "DIFFER"}  ${what}: ${inFile}${same ? "" : ` in the file, ${inClickHouse} in ClickHouse`}`);
}

const money = amount => `${amount / 10_000n}.${String(amount % 10_000n).padStart(4, "0")}`;
const expected = await count(file, mapping, schema).catch(fault => {
  console.error(`replay-check: ${fault.message}`);
  process.exit(2);
});
const activity = await query(`SELECT toString(toDate(minute)) AS day, kind, toString(sum(events)) AS events, toString(toInt128(sum(amount) * 10000)) AS amount FROM activity WHERE topic = '${mapping.topic}' GROUP BY day, kind`);
const rejects = await query("SELECT reason, toString(sum(records)) AS records FROM rejects GROUP BY reason");
const [members] = await query("SELECT toString(count()) AS members FROM members WHERE events > 0");

const held = new Map(activity.map(row => [`${row.day} ${row.kind}`, { events: Number(row.events), amount: BigInt(row.amount) }]));
let days = 0;
for (const key of new Set([...expected.byDay.keys(), ...held.keys()])) {
  const [a, b] = [expected.byDay.get(key), held.get(key)];
  if (a?.events === b?.events && a?.amount === b?.amount) { days++; continue; }
  compare(`${key}, events and amount`, a ? `${a.events} ${money(a.amount)}` : "none", b ? `${b.events} ${money(b.amount)}` : "none");
}
compare("days and kinds that agree, in events and amount", days, held.size);

for (const kind of new Set([...expected.byDay.keys(), ...held.keys()].map(key => key.split(" ")[1]))) {
  const total = (from, what, zero) => [...from].filter(([key]) => key.endsWith(` ${kind}`)).reduce((sum, [, day]) => sum + day[what], zero);
  compare(`${kind} events`, total(expected.byDay, "events", 0), total(held, "events", 0));
  if (mapping.amount) compare(`${kind} amount`, money(total(expected.byDay, "amount", 0n)), money(total(held, "amount", 0n)));
}
compare("members with events", expected.members.size, members.members);

if (expected.repeatedIds > 0) expected.rejects.set("duplicate", expected.repeatedIds);
const refused = new Map(rejects.map(row => [row.reason, Number(row.records)]));
for (const reason of new Set([...expected.rejects.keys(), ...refused.keys()])) compare(`rows left out as ${reason}`, expected.rejects.get(reason) ?? 0, refused.get(reason) ?? 0);

const accounted = [...held.values()].reduce((sum, day) => sum + day.events, 0) + [...refused.values()].reduce((sum, n) => sum + n, 0);
// Lines of one order are one event; a refund of too much is an event and a reject.
const surpluses = expected.rejects.get("refund-exceeds-paid") ?? 0;
compare("rows accounted for, and refusals in rejects", expected.rows - expected.grouped + expected.refusals, accounted - surpluses);
console.log(wrong === 0 ? `The file and ClickHouse agree: ${expected.rows} rows.` : `${wrong} differences.`);
process.exit(wrong === 0 ? 0 : 1);
