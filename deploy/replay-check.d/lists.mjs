// The fields of several values: what a mapping writes into them, and what the contract says of that.
import { readJson } from "./json.mjs";

const usual = { yes: ["yes", "y", "true", "t", "1", "on", "x"], no: ["no", "n", "false", "f", "0", "off"] };

// Arrays of values; pairs of name and value; of JSON what is in it, each value as { text } or { fault }.
export function listWriter(mapping, fill) {
  const words = (which) => new Set([...usual[which], ...(mapping.words?.[which] ?? [])].map(word => String(word).toLowerCase()));
  const [yes, no] = [words("yes"), words("no")];
  const told = (name, text) => {
    const word = text.trim().toLowerCase();
    return name !== "consent" ? text : no.has(word) ? "false" : yes.has(word) ? "true" : text;
  };
  // What a text names twice: the same value counts once; of consent a refusal, then what is unclear, then a yes.
  const weight = text => text === "" ? 0 : told("consent", text) === "true" ? 1 : told("consent", text) === "false" ? 3 : 2;
  const once = (name, pairs) => pairs.reduce((kept, [key, text]) => {
    const at = kept.findIndex(([other, told]) => name === "consent" ? other.toLowerCase() === key.toLowerCase() : other === key && told === text);
    if (at < 0) kept.push([key, text]);
    else if (name === "consent" && weight(text) > weight(kept[at][1])) kept[at] = [key, text];
    return kept;
  }, []);
  return rows => {
    const lists = {};
    for (const [name, rule] of Object.entries(mapping.lists ?? {})) {
      const texts = name === "coupons" || name === "channels";
      if (Object.keys(rule.entries ?? {}).length > 0) {
        const pairs = Object.entries(rule.entries).map(([key, template]) => [key, rows.map(row => fill(template, row)).find(text => text !== "")]).filter(([, text]) => text !== undefined);
        if (pairs.length > 0) lists[name] = { pairs: pairs.map(([key, text]) => [key, { text: told(name, text) }]) };
        continue;
      }
      const text = rows.map(row => fill(rule.from, row)).find(text => text.trim() !== "")?.trim();
      if (text === undefined) continue;
      const json = text[0] === (texts ? "[" : "{") ? parse(text) : undefined;
      if (json) { lists[name] = json; continue; }
      const parts = text.split(rule.split ?? ";").map(part => part.trim()).filter(part => part !== "");
      lists[name] = texts ? { values: parts.map(part => ({ text: part })) } : { pairs: once(name, parts.map(part => {
        const at = rule.pair ? part.indexOf(rule.pair) : -1;
        return at < 0 ? [part, "true"] : [part.slice(0, at).trim(), part.slice(at + rule.pair.length).trim()];
      })).map(([key, text]) => [key, { text: told(name, text) }]) };
    }
    return lists;
  };
}

// A name that stands twice in one object.
export function repeatsName(lists) {
  return Object.values(lists).some(list => list.repeats || (list.pairs && new Set(list.pairs.map(([name]) => name)).size < list.pairs.length));
}

// Whether something in a list of consent or reach counts as a no.
export function refuses({ consent, reach }) {
  return refusesConsent(consent) || (reach?.pairs ?? []).some(([name, { text = "", fault }]) =>
    [...name.trim()].length <= 48 && (fault || !["", "followed"].includes(text.trim().toLowerCase())));
}

function refusesConsent(consent) {
  return (consent?.pairs ?? []).some(([name, { text = "", fault }]) => {
    const channel = name.trim(), answer = text.trim().toLowerCase();
    if ([...channel].length > 48) return false;
    if (fault) return true;
    return answer !== "" && !["true", "yes", "y", "on", "1"].includes(answer) && !(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(answer) && Number(answer) === 1);
  });
}

// An array or object of JSON as a list; what is neither is no list.
function parse(text) {
  const whole = readJson(text);
  if (!whole) return undefined;
  const one = ({ kind, text }) =>
    kind === "object" || kind === "array" ? { fault: "field-type" }
    : kind === "null" ? { text: "", isNull: true }
    : { text, isNumber: kind === "number", isTruth: kind === "true" || kind === "false" };
  const repeats = whole.repeats;
  return whole.kind === "array" ? { values: whole.items.map(one), repeats } : { pairs: whole.members.map(([name, value]) => [name, one(value)]), repeats };
}
