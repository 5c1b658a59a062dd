// Rows as events, as the mapping says.
import { listWriter } from "./lists.mjs";
import { numberReader, plain } from "./numbers.mjs";
import { timeReader } from "./times.mjs";

const mostLines = 501;

export async function* toEvents(rows, mapping, file) {
  const make = maker(mapping, file), fill = make.fill;
  let open = [], by = "", lines = 0;
  for await (const row of rows) {
    const own = mapping.lines ? fill(mapping.lines.by, row) : "";
    if (open.length > 0 && own !== "" && own === by) { lines++; if (open.length < mostLines) open.push(row); continue; }
    if (open.length > 0) yield { ...make(open), lines };
    [open, by, lines] = [[row], own, 1];
  }
  if (open.length > 0) yield { ...make(open), lines };
}

function maker(mapping, file) {
  const readNumber = numberReader(mapping.numbers), readTime = timeReader(mapping.at);
  const asNumber = text => { const number = readNumber(text); return number ? plain(number) : text; };
  const numberOrText = text => readNumber(text) ? asNumber(text) : `text: ${text}`; // digits that are no number to the program are none here
  const filters = {
    trim: v => v.trim(), lower: v => v.toLowerCase(), upper: v => v.toUpperCase(), integer: v => v.replace(/^([^.]+)\.0*$/, "$1"),
    number: asNumber, abs: v => asNumber(v).replace(/^-+/, ""),
  };
  const none = new Set(["", ...(mapping.empty ?? [])].map(String));
  const value = (row, column) => { const v = row.get(column); return none.has(v) ? "" : v; };
  const rules = mapping.kinds.map(rule => ({ ...rule, conditions: [
    ...(rule.column === undefined ? [] : [[rule.column, toRegExp(rule.matches ?? "."), true]]),
    ...Object.entries(rule.when ?? {}).map(([column, pattern]) => [column, toRegExp(pattern), true]),
    ...Object.entries(rule.unless ?? {}).map(([column, pattern]) => [column, toRegExp(pattern), false]),
  ] }));

  function fill(template, row) {
    let columns = 0, filled = 0;
    const text = String(template).replace(/\{([^}|]*)((?:\|[^}|]*)*)\}/g, (_, place, names) => {
      const apply = text => names.split("|").slice(1).reduce((v, name) => v === "" ? v : filters[name](v), text);
      if (place === "row") return apply(String(row.number));
      if (place === "file") return apply(file);
      columns++;
      const text = apply(value(row, place));
      if (text !== "") filled++;
      return text;
    });
    return columns > 0 && filled === 0 ? "" : text;
  }

  const listsOf = listWriter(mapping, fill);

  function kindOf(row) {
    for (const rule of rules) {
      if (!rule.conditions.every(([column, pattern, must]) => pattern.test(value(row, column)) === must)) continue;
      if (rule.kind !== undefined) return rule.kind;
      const passed = fill(rule.from, row);
      if (passed !== "") return passed;
    }
    return undefined;
  }

  function amountOf(rows) {
    if (!mapping.amount) return {};
    let sum;
    for (const row of rows) {
      const texts = mapping.amount.product.map(column => value(row, column));
      if (texts.includes("")) continue;
      const product = multiply(texts.map((text, i) => ({ number: readNumber(text), abs: mapping.amount.abs?.includes(mapping.amount.product[i]) })), mapping.amount.minorUnits ?? 0);
      if (!product) return { hasAmount: true, amountFault: "amount-invalid", amountText: texts.join("*") };
      sum = sum ? addUp(sum, product) : product;
      if (mapping.lines?.amount === "first") break;
    }
    return sum ? { hasAmount: true, ...inTenThousandths(sum) } : {};
  }

  function make(rows) {
    const fields = {};
    for (const [name, template] of Object.entries(mapping.fields)) {
      let text = rows.map(row => fill(template, row)).find(text => text !== "") ?? "";
      if (text === "") continue;
      if (name === "id" && rows[0].repeats && !String(template).match(/\{row(\||\})/)) text += `-${rows[0].number}`;
      fields[name] = name === "rating" || name === "points" ? numberOrText(text) : text;
    }
    const atText = mapping.at.columns ? mapping.at.columns.map(column => value(rows[0], column).trim()).filter(text => text !== "").join(" ") : value(rows[0], mapping.at.column);
    const items = mapping.lines?.items && rows.map(row => Object.fromEntries(Object.entries(mapping.lines.items).map(([name, template]) => [name, fill(template, row)])));
    const filled = items?.filter(item => Object.values(item).some(text => text !== "")).map(item => ({ ...item, quantity: item.quantity && numberOrText(item.quantity), price: item.price && asNumber(item.price) }));
    return { fields, atText, at: atText === "" ? undefined : readTime(atText), kind: kindOf(rows[0]), items: filled, lists: listsOf(rows), ...amountOf(rows) };
  }
  make.fill = fill;
  return make;
}

// Patterns are .NET's: options at the front, such as (?i), are flags here; what else JavaScript reads differently is refused, not guessed.
function toRegExp(pattern) {
  const [, options = "", rest] = /^(?:\(\?([a-z]+)\))?([^]*)$/.exec(pattern);
  if (/[^ims]/.test(options) || /\\[AZzG]|\(\?[a-z#-]/.test(rest)) throw new Error(`cannot count with the pattern ${pattern}: write options at its front only, and ^ and $ instead of \\A and \\z`);
  return new RegExp(rest, options + (/\\[pP]\{/.test(rest) ? "u" : ""));
}

function multiply(factors, minorUnits) {
  let value = 1n, decimals = minorUnits, digits = minorUnits;
  for (const { number, abs } of factors) {
    if (!number) return undefined;
    digits += number.digits;
    if (digits > 28) return undefined;
    value *= abs && number.value < 0n ? -number.value : number.value;
    decimals += number.decimals;
  }
  return { value, decimals };
}

function addUp(a, b) {
  const decimals = Math.max(a.decimals, b.decimals), at = x => x.value * 10n ** BigInt(decimals - x.decimals);
  return { value: at(a) + at(b), decimals };
}

// What lies within a billionth of a ten-thousandth is rounded, as programs that compute money in binary write it; further away no rounding is.
function inTenThousandths({ value, decimals }) {
  const unit = 10n ** BigInt(decimals), negative = value < 0n, size = negative ? -value : value;
  const [billionths, more] = [(size * 10n ** 9n) / unit, (size * 10n ** 9n) % unit !== 0n];
  let amount = billionths / 100_000n;
  const rest = billionths % 100_000n;
  const fits = rest === 0n || (rest === 1n && !more) || rest === 99_999n;
  if (rest === 99_999n) amount++;
  if (negative && amount > 0n) return { amountFault: "amount-negative" };
  if (!fits) return { amountFault: "amount-invalid" };
  return amount > 100_000_000_000n * 10_000n ? { amountFault: "amount-too-large" } : { amount };
}
