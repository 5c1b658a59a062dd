// Rows of one sheet of an Excel workbook, as arrays of texts.
import { entriesOf } from "./zip.mjs";

export function* sheetRows(path, { sheet = "", skipRows = 0 }) {
  const files = new Map(entriesOf(path).map(entry => [entry.name, entry]));
  const text = name => files.get(name)?.read().toString("utf8") ?? "";
  const targets = new Map([...tags(text("xl/_rels/workbook.xml.rels"), "Relationship")].map(({ a }) => [a.Id, a.Target]));
  const book = text("xl/workbook.xml");
  const sheets = [...tags(book, "sheet")].map(({ a }) => ({ name: a.name, path: inArchive(targets.get(a["r:id"])) }));
  const found = sheet === "" ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (!found) throw new Error(`the workbook has no sheet '${sheet}'`);
  const shared = [...tags(text("xl/sharedStrings.xml"), "si")].map(({ inner }) => joined(inner));
  const cell = cellReader(text("xl/styles.xml"), shared, [...tags(book, "workbookPr")].some(({ a }) => a.date1904 === "1" || a.date1904 === "true"));
  let last = 0;
  for (const { a, inner } of tags(text(found.path), "row")) {
    const number = a.r ? Number(a.r) : last + 1;
    last = number;
    if (number <= skipRows) continue;
    const values = [];
    for (const { a: at, inner: content } of tags(inner, "c")) values[at.r ? column(at.r) : values.length] = cell(at, content);
    while (values.length > 0 && !values.at(-1)) values.pop();
    if (values.length > 0) yield Array.from(values, value => value ?? "");
  }
}

function inArchive(target) { return target.startsWith("/") ? target.slice(1) : `xl/${target}`; }

// Elements of one name that hold none of the same name, in any namespace: their attributes and what is in them.
function* tags(xml, name) {
  const pattern = new RegExp(`<(?:\\w+:)?${name}((?:\\s[^>]*?)?)(?:/>|>([^]*?)</(?:\\w+:)?${name}\\s*>)`, "g");
  for (const [, attributes, inner] of xml.matchAll(pattern)) {
    yield { a: Object.fromEntries([...attributes.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key, one, two]) => [key, plain(one ?? two)])), inner: inner ?? "" };
  }
}

function plain(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/<!\[CDATA\[([^]*?)\]\]>|&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, data, hex, digits, word) =>
    data ?? (word ? named[word] ?? all : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(digits))));
}

// What stands in all runs of a text, without how it is pronounced.
function joined(inner) { return [...tags(inner.replace(/<(\w+:)?rPh[^]*?<\/(\w+:)?rPh>/g, ""), "t")].map(({ inner: run }) => plain(run)).join(""); }

function column(reference) { return [.../^[A-Z]+/.exec(reference)[0]].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1; }

function cellReader(styles, shared, from1904) {
  const own = new Map([...tags(styles, "numFmt")].map(({ a }) => [a.numFmtId, a.formatCode]));
  const cellXfs = [...tags(styles, "cellXfs")][0]?.inner ?? "";
  const formats = [...tags(cellXfs, "xf")].map(({ a }) => own.get(a.numFmtId) ?? known[a.numFmtId] ?? "General");
  return ({ t = "n", s = "0" }, content) => {
    if (t === "inlineStr") return joined(content);
    const value = [...tags(content, "v")].map(({ inner }) => plain(inner))[0];
    if (value === undefined || t === "e") return "";
    if (t === "s") return shared[Number(value)] ?? "";
    if (t === "str") return value;
    if (t === "b") return value === "1" ? "true" : "false";
    if (t !== "n") throw new Error(`cannot count cells of type ${t}`);
    if (value === "") return "";
    return written(Number(value), formats[Number(s)] ?? "General", from1904);
  };
}

const known = { 14: "d/m/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0" };

function written(number, format, from1904) {
  const bare = format.split(";")[0].replace(/"[^"]*"|\\.|_.|\*./g, "");
  if (/\[(h+|m+|s+)\]/i.test(bare)) return duration(Math.round(number * 86_400_000));
  const letters = bare.replace(/\[[^\]]*\]/g, "");
  if (/general/i.test(letters) || !/[dmyhs]/i.test(letters)) return digits(number);
  const days = from1904 ? number + 1462 : number >= 0 && number < 60 ? number + 1 : number;
  const date = new Date(Math.round((days - 25_569) * 86_400_000));
  const iso = date.toISOString(), time = iso.slice(11, 23).replace(/\.?0{1,3}$/, part => part.startsWith(".") ? "" : part.replace(/0+$/, ""));
  if (date.getUTCFullYear() < 1900) return time;
  return date.getTime() % 86_400_000 !== 0 || /h/i.test(format) ? `${iso.slice(0, 10)}T${time}` : iso.slice(0, 10);
}

function duration(ms) {
  const size = Math.abs(ms), two = n => String(n).padStart(2, "0"), days = Math.floor(size / 86_400_000), rest = size % 1000;
  return `${ms < 0 ? "-" : ""}${days > 0 ? `${days}.` : ""}${two(Math.floor(size / 3_600_000) % 24)}:${two(Math.floor(size / 60_000) % 60)}:${two(Math.floor(size / 1000) % 60)}${rest ? `.${String(rest).padStart(3, "0")}0000` : ""}`;
}

// Up to 15 digits, as Excel keeps them, without an exponent as long as that is readable.
function digits(number) {
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-10 || size >= 1e15)) return number.toExponential().replace("e", "E");
  const [, sign, first, more = "", exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(Number(number.toPrecision(15)).toExponential());
  const all = first + more, point = 1 + Number(exponent);
  if (point >= all.length) return sign + all.padEnd(point, "0");
  return point > 0 ? `${sign}${all.slice(0, point)}.${all.slice(point)}` : `${sign}0.${"0".repeat(-point)}${all}`;
}
