// What ClickHouse must hold after a replay, worked out from the file, the mapping and the published contract alone.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readTexts } from "./csv.mjs";
import { toEvents } from "./events.mjs";
import { isMember, judge, mostAhead, taken } from "./judge.mjs";
import { refuses } from "./lists.mjs";

export async function count(path, mapping, schema) {
  const result = { rows: 0, byDay: new Map(), rejects: new Map(), members: new Set(), repeatedIds: 0, refusals: 0 };
  const ids = new Set(), orders = new Map(), refused = new Set();
  let clock = 0, last = 0;
  const latest = Date.now() + mostAhead;
  for await (const event of toEvents(rowsOf(path, mapping, result), mapping, basename(path).split(".")[0])) {
    if (event.at <= latest) { last = event.at; clock = Math.max(clock, event.at); }
    const reason = judge(event, schema);
    if (reason) {
      add(result.rejects, reason, 1);
      hearRefusal(event, mapping.sort ? last : clock);
      continue;
    }
    const id = `${event.fields.member}\n${event.fields.id}`;
    if (ids.has(id)) { result.repeatedIds++; continue; }
    ids.add(id);
    counts(event.fields.member, event.at, event.kind, event.amount);
    if (mapping.topic === "purchases" && settle(orders, event)) add(result.rejects, "refund-exceeds-paid", 1);
  }
  return result;

  function counts(member, at, kind, amount = 0n) {
    result.members.add(member);
    const key = `${new Date(at).toISOString().slice(0, 10)} ${kind}`;
    const day = result.byDay.get(key) ?? { events: 0, amount: 0n };
    day.events++;
    day.amount += amount;
    result.byDay.set(key, day);
  }

  // What a reject refuses of consent is an event of its own, the same one once; without a time of its own it has that of the file.
  function hearRefusal(event, near) {
    const own = JSON.stringify({ ...event, amount: String(event.amount), atText: event.at === undefined ? event.atText : "" });
    if (!refuses(event.lists) || !isMember(event.fields.member ?? "") || refused.has(own)) return;
    refused.add(own);
    result.refusals++;
    counts(event.fields.member, taken(event.at <= latest ? event.at : near), "consent");
  }
}

// Puts an event among those of its order, by their times; true when with it more comes back than is there.
function settle(orders, { kind, at, amount = 0n, fields }) {
  const order = `${fields.member}\n${fields.order}`, told = orders.get(order) ?? { moves: [], surplus: 0n };
  orders.set(order, told);
  if (kind === "delivered") return false;
  const later = told.moves.findLastIndex(move => move.at <= at) + 1;
  told.moves.splice(later, 0, { at, kind, amount });
  let left = 0n, surplus = 0n;
  for (const move of told.moves) {
    if (move.kind === "paid") left += move.amount;
    else if (move.kind === "cancelled" && move.amount === 0n) left = 0n;
    else if (move.amount <= left) left -= move.amount;
    else [surplus, left] = [surplus + move.amount - left, 0n];
  }
  const more = surplus > told.surplus;
  told.surplus = surplus;
  return more;
}

// The rows that are not left out, each with its number, its values by column and whether it repeats an earlier one.
async function* rowsOf(path, mapping, result) {
  const seen = new Set();
  for await (const rows of readTexts(path, mapping)) {
    let columns = mapping.columns, place;
    for await (const row of rows) {
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
}

function add(map, key, n) { map.set(key, (map.get(key) ?? 0) + n); }
