// What ClickHouse must hold after a replay, worked out from the file, the mapping and the published contract alone.
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readRows } from "./csv.mjs";
import { timeReader } from "./times.mjs";

const filters = { integer: v => v.replace(/^(.+?)\.0*$/, "$1"), trim: v => v.trim(), lower: v => v.toLowerCase() };
const scale = 10n ** 4n;

export async function count(path, mapping, schema) {
  const result = { rows: 0, byDay: new Map(), rejects: new Map(), members: new Set(), repeatedIds: 0 };
  const file = basename(path).split(".")[0], readTime = timeReader(mapping.at), seen = new Set(), ids = new Set(), left = new Map();
  const patterns = mapping.kinds.map(rule => toRegExp(rule.matches ?? "."));
  const none = new Set(["", ...(mapping.empty ?? [])].map(String));
  let columns = mapping.columns, place;
  for await (const values of readRows(path, mapping.delimiter ?? ",")) {
    if (!columns) { columns = values; continue; }
    place ??= new Map(columns.map((name, i) => [name, i]));
    result.rows++;
    const content = createHash("md5").update(JSON.stringify(values)).digest("base64");
    if (seen.has(content)) { add(result.rejects, "duplicate-row"); continue; }
    seen.add(content);

    const get = name => { const v = values[place.get(name)] ?? ""; return none.has(v) ? "" : v; };
    const event = toEvent(mapping, patterns, get, result.rows, file, readTime);
    const reason = judge(event, schema);
    if (reason) { add(result.rejects, reason); continue; }
    const id = `${event.fields.member}\n${event.fields.id}`;
    if (ids.has(id)) { result.repeatedIds++; continue; }
    ids.add(id);
    result.members.add(event.fields.member);
    const key = `${new Date(event.at).toISOString().slice(0, 10)} ${event.kind}`;
    const day = result.byDay.get(key) ?? { events: 0, amount: 0n };
    day.events++;
    day.amount += event.amount ?? 0n;
    result.byDay.set(key, day);
    if (mapping.topic === "purchases" && settle(left, event)) add(result.rejects, "refund-exceeds-paid");
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

// Patterns are .NET's: options at the front, such as (?i), are flags here; what else JavaScript reads differently is refused, not guessed.
function toRegExp(pattern) {
  const [, options = "", rest] = /^(?:\(\?([a-z]+)\))?([^]*)$/.exec(pattern);
  if (/[^ims]/.test(options) || /\\[AZzG]|\(\?[a-z#-]/.test(rest)) throw new Error(`cannot count with the pattern ${pattern}: write options at its front only, and ^ and $ instead of \\A and \\z`);
  return new RegExp(rest, options + (/\\[pP]\{/.test(rest) ? "u" : ""));
}

function toEvent(mapping, patterns, get, row, file, readTime) {
  const fields = {};
  for (const [name, template] of Object.entries(mapping.fields)) {
    let columns = 0, filled = 0;
    const text = String(template).replace(/\{([^}|]*)(?:\|([^}]*))?\}/g, (_, place, filter) => {
      if (place === "row") return row;
      if (place === "file") return file;
      columns++;
      const value = filter ? filters[filter](get(place)) : get(place);
      if (value !== "") filled++;
      return value;
    });
    if (text !== "" && (columns === 0 || filled > 0)) fields[name] = text;
  }
  const atText = get(mapping.at.column);
  const rule = mapping.kinds.find((r, i) => r.column === undefined || patterns[i].test(get(r.column)));
  const factors = mapping.amount?.product.map(column => ({ text: get(column), abs: mapping.amount.abs?.includes(column) }));
  const hasAmount = factors !== undefined && factors.every(f => f.text !== "");
  return { fields, atText, at: atText === "" ? undefined : readTime(atText), kind: rule?.kind, ...(hasAmount ? product(factors) : {}), hasAmount };
}

// Exact: whole numbers of the smallest unit written.
function product(factors) {
  let value = 1n, decimals = 0, digits = 0;
  for (const { text, abs } of factors) {
    const m = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
    if (!m || (m[2] === "" && !m[3])) return { amountFault: "amount-invalid" };
    digits += m[2].length + (m[3] ?? "").length;
    if (digits > 28) return { amountFault: "amount-invalid" };
    const factor = BigInt(m[2] + (m[3] ?? ""));
    value *= m[1] === "-" && !abs ? -factor : factor;
    decimals += (m[3] ?? "").length;
  }
  if (value < 0n) return { amountFault: "amount-negative" };
  const unit = 10n ** BigInt(decimals);
  if ((value * scale) % unit !== 0n) return { amountFault: "amount-invalid" };
  const amount = (value * scale) / unit;
  return amount > 100_000_000_000n * scale ? { amountFault: "amount-too-large" } : { amount };
}

// The first thing wrong with an event, in the order the contract states: kind, fields, time and amount as written, then what is missing.
function judge(event, schema) {
  if (!event.kind) return "kind-missing";
  for (const [name, text] of Object.entries(event.fields)) {
    const property = schema.properties[name];
    if (name === "member" || property.description.includes("bytes of UTF-8")) {
      if (Buffer.byteLength(text) > property.maxLength) return name === "member" ? "member-too-long" : "field-too-long";
    } else if (property.maxLength < [...text].length) return name === "id" ? "id-too-long" : "field-too-long";
    if (name === "currency" && !new RegExp(property.pattern).test(text)) return "currency-invalid";
  }
  if (event.atText !== "" && event.at === undefined) return "at-invalid";
  if (event.amountFault) return event.amountFault;
  const has = name => name === "at" ? event.at !== undefined : name === "kind" || (name === "amount" ? event.hasAmount : event.fields[name] !== undefined);
  const missing = ["id", "member", "at"].find(name => !has(name));
  if (missing) return `${missing}-missing`;
  if (event.at < 946_684_800_000) return "at-too-early";
  if (event.at > Date.now() + 3_600_000) return "at-in-future";
  const branches = (schema.allOf ?? []).filter(rule => rule.if.properties.kind.enum.includes(event.kind)).map(rule => rule.then.required);
  const dependent = Object.entries(schema.dependentRequired ?? {}).filter(([name]) => has(name)).map(([, needs]) => needs);
  const needed = [...schema.required, ...branches.flat(), ...dependent.flat()].find(name => !has(name));
  return needed && `${needed}-missing`;
}

function add(map, key) { map.set(key, (map.get(key) ?? 0) + 1); }
