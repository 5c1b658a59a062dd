// What the contract says of an event: the first thing wrong with it, in the order the contract states: kind, fields, time and amount as written, items,
// then what is missing.
import { repeatsName } from "./lists.mjs";

const ids = new Set(["id", "member", "author", "action", "order", "team", "replyTo", "case", "gift", "request", "approver", "from"]);
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;
export const year2000 = 946_684_800_000;
const year2100 = 4_102_444_800_000;
export const mostAhead = 3_600_000;
const number = /^-?\d+(\.\d+)?$/;
const money = /^(0|[1-9]\d*)(\.\d+)?$/;

// What a text may be to name a member.
export function isMember(text) { return text !== "" && [...text].length <= 128 && text !== "." && text !== ".." && !unprintable.test(text); }

// The time that counts for a refusal: within what is taken.
export function taken(at) { return Math.min(Math.max(at, year2000), year2100 - 1); }

export function judge(event, schema) {
  if (repeatsName(event.lists)) return "duplicate-key";
  if (!event.kind) return "kind-missing";
  if (schema.properties.kind && !schema.properties.kind.enum.includes(event.kind)) return "kind-unknown";
  for (const [name, text] of Object.entries(event.fields)) {
    const fault = judgeField(name, text, schema.properties[name]);
    if (fault) return fault;
  }
  if (event.atText !== "" && event.at === undefined) return "at-invalid";
  if (event.at >= year2000 / 1000 && event.at < year2100 / 1000) return "at-looks-like-seconds";
  if (event.at >= year2000 * 1000 && event.at < year2100 * 1000) return "at-looks-like-microseconds";
  if (event.amountFault) return event.amountFault;
  const coupons = judgeCoupons(event.lists.coupons?.values ?? [], schema.properties.coupons);
  if (coupons) return coupons;
  const items = judgeItems(event.items ?? []);
  if (items) return items;
  const has = name => name === "at" ? event.at !== undefined : name === "kind" || (name === "amount" ? event.hasAmount : event.fields[name] !== undefined);
  const missing = ["id", "member", "at"].find(name => !has(name));
  if (missing) return `${missing}-missing`;
  if (event.at < year2000) return "at-too-early";
  if (event.at >= year2100 || event.at > Date.now() + mostAhead) return "at-in-future";
  const branches = (schema.allOf ?? []).filter(rule => rule.if.properties.kind.enum.includes(event.kind)).map(rule => rule.then.required);
  const dependent = Object.entries(schema.dependentSchemas ?? {}).filter(([name]) => has(name)).map(([, rule]) => rule.then.required);
  const needed = [...schema.required, ...branches.flat(), ...dependent.flat()].find(name => !has(name));
  return needed && `${needed}-missing`;
}

function judgeField(name, text, property) {
  if (name === "rating" || name === "points") {
    if (!number.test(text)) return "field-type";
    if (name === "rating") return whole(text, 1n, 5n) ? undefined : "rating-range";
    if (!whole(text, -1_000_000_000n, 1_000_000_000n)) return "points-invalid";
    return property.enum && BigInt(text) !== 0n ? "not-supported" : undefined;
  }
  if (name === "birthday" || name === "timezone" || name === "referrer") return undefined; // such a fact is left out alone
  if (property.enum && !property.enum.includes(text)) return name === "result" ? "result-unknown" : "not-supported";
  if (property.maxLength < [...text].length) return name === "id" ? "id-too-long" : name === "member" ? "member-too-long" : "field-too-long";
  if (ids.has(name) && (text === "." || text === ".." || unprintable.test(text))) return "id-invalid";
  if (name === "currency" && !new RegExp(property.pattern).test(text)) return "currency-invalid";
  return undefined;
}

function judgeCoupons(values, property) {
  for (const [i, { text, fault, isNumber, isNull, isTruth }] of values.entries()) {
    if (i >= property.maxItems) return "too-many";
    if (fault || isNull || isTruth) return "field-type";
    if (text === "") continue;
    if ([...text].length > property.items.maxLength) return "field-too-long";
    if ((isNumber && !/^-?\d+$/.test(text)) || text === "." || text === ".." || unprintable.test(text)) return "id-invalid";
  }
  return undefined;
}

function judgeItems(items) {
  if (items.length > 500) return "too-many";
  for (const item of items) {
    if (item.quantity && !number.test(item.quantity)) return "field-type";
    if (item.quantity && !whole(item.quantity, 0n, 1_000_000_000n)) return "quantity-invalid";
    if (item.price && !money.test(item.price)) return item.price.startsWith("-") ? "amount-negative" : "amount-invalid";
  }
  return undefined;
}

function whole(text, least, most) { return /^-?\d{1,19}$/.test(text) && BigInt(text) >= least && BigInt(text) <= most; }
