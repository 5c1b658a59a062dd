// What ClickHouse must hold after a replay, worked out from the file, the mapping and the published contract alone.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readRows } from "./csv.mjs";
import { toEvents } from "./events.mjs";
import { judge } from "./judge.mjs";

export async function count(path, mapping, schema) {
  if (mapping.lists) throw new Error("cannot count with lists in the mapping");
  if (mapping.format === "xlsx") throw new Error("cannot count workbooks: save the sheet as CSV");
  const result = { rows: 0, byDay: new Map(), rejects: new Map(), members: new Set(), repeatedIds: 0 };
  const ids = new Set(), left = new Map();
  for await (const event of toEvents(rowsOf(path, mapping, result), mapping, basename(path).split(".")[0])) {
    const reason = judge(event, schema);
    if (reason) { add(result.rejects, reason, 1); continue; }
    const id = `${event.fields.member}\n${event.fields.id}`;
    if (ids.has(id)) { result.repeatedIds++; continue; }
    ids.add(id);
    result.members.add(event.fields.member);
    const key = `${new Date(event.at).toISOString().slice(0, 10)} ${event.kind}`;
    const day = result.byDay.get(key) ?? { events: 0, amount: 0n };
    day.events++;
    day.amount += event.amount ?? 0n;
    result.byDay.set(key, day);
    if (mapping.topic === "purchases" && settle(left, event)) add(result.rejects, "refund-exceeds-paid", 1);
  }
  return result;
}

// What is left of an order; true when more comes back than that.
function settle(left, { kind, amount = 0n, fields }) {
  const order = `${fields.member}\n${fields.order}`, before = left.get(order) ?? 0n;
  const after = kind === "paid" ? before + amount : kind === "cancelled" && amount === 0n ? 0n : before - amount;
  left.set(order, after < 0n ? 0n : after);
  return after < 0n;
}

// The rows that are not left out, each with its number, its values by column and whether it repeats an earlier one.
async function* rowsOf(path, mapping, result) {
  const seen = new Set();
  let columns = mapping.columns, place;
  for await (const row of readRows(path, mapping)) {
    if (mapping.format !== "json-lines" && !columns) { columns = row.map(name => name.trim()); continue; }
    place ??= new Map(columns?.map((name, i) => [name, i]));
    const number = ++result.rows;
    const values = row.record ?? row;
    if (row.fault) { add(result.rejects, row.fault, 1); continue; }
    if (Array.isArray(values) && values.slice(columns.length).some(value => value !== "")) { add(result.rejects, "too-many-columns", 1); continue; }
    const content = createHash("md5").update(JSON.stringify(Array.isArray(values) ? values : Object.entries(values).filter(([, v]) => v !== "").sort())).digest("base64");
    const repeats = seen.has(content);
    if (repeats && mapping.duplicates !== "keep") { add(result.rejects, "duplicate-row", 1); continue; }
    seen.add(content);
    yield { number, repeats, get: column => (Array.isArray(values) ? values[place.get(column)] : values[column]) ?? "" };
  }
}

function add(map, key, n) { map.set(key, (map.get(key) ?? 0) + n); }
