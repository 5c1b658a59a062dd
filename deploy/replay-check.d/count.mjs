// What ClickHouse must hold after a replay, worked out from the file, the mapping and the published contract alone.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readTexts } from "./csv.mjs";
import { toEvents } from "./events.mjs";
import { isMember, judge, mostAhead, taken, year2000 } from "./judge.mjs";
import { refuses } from "./lists.mjs";
import { memories } from "./memory.mjs";

const dayMilliseconds = 86_400_000;

export async function count(path, mapping, schema) {
  const result = { rows: 0, grouped: 0, byDay: new Map(), rejects: new Map(), members: new Set(), repeatedIds: 0, refusals: 0 };
  const members = memories(mapping.topic);
  let clock = 0, last = 0;
  const latest = Date.now() + mostAhead;
  for await (const event of toEvents(rowsOf(path, mapping, result), mapping, basename(path).split(".")[0])) {
    result.grouped += event.lines - 1;
    if (event.at <= latest) { last = event.at; clock = Math.max(clock, event.at); }
    const near = mapping.sort ? last : clock;
    const reason = judge(event, schema);
    if (reason) {
      add(result.rejects, reason, 1);
      hearRefusal(event, near);
      continue;
    }
    const { verdict, surplus, moved } = takenBy(members.of(event.fields.member), event);
    if (verdict === "duplicate") result.repeatedIds++;
    else if (verdict) {
      add(result.rejects, verdict, 1);
      hearRefusal(event, near);
    } else {
      counts(event.fields.member, event.at, event.kind, event.amount || moved);
      if (surplus) add(result.rejects, "refund-exceeds-paid", 1);
    }
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

  // What a reject refuses of consent is an event of its own, the same one once.
  function hearRefusal(event, near) {
    const own = JSON.stringify({ ...event, lines: 0, amount: String(event.amount), atText: event.at === undefined ? event.atText : "" });
    if (!refuses(event.lists) || !isMember(event.fields.member ?? "")) return;
    const { facts } = members.of(event.fields.member);
    result.refusals++;
    if (facts.has(own)) { result.repeatedIds++; return; }
    facts.add(own);
    counts(event.fields.member, taken(timeOf(event, near)), "consent");
  }

  // The time of a refusal: its own, but at most a day after the file's; the file's where it has none.
  function timeOf({ at }, near) {
    if (at === undefined) return near;
    return at <= latest || near < year2000 ? at : Math.min(at, near + dayMilliseconds);
  }

  // What its member makes of an event.
  function takenBy(member, event) {
    if (mapping.topic === "purchases") return member.orders(event);
    if (member.ids.has(event.fields.id)) return { verdict: "duplicate" };
    if ((event.kind === "redeem" || event.kind === "adjust") && member.requests(event)) return { verdict: "too-late" };
    member.ids.add(event.fields.id);
    return {};
  }
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
