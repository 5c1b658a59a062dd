// Rows of a file as arrays of texts, of JSON Lines as objects: of a text, also in gzip or zip, or of a workbook.
import { createReadStream, openSync, readSync, closeSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { readJson } from "./json.mjs";
import { sheetRows } from "./xlsx.mjs";
import { chosen, entriesOf } from "./zip.mjs";

const marks = [["utf-8", [0xef, 0xbb, 0xbf]], ["utf-16le", [0xff, 0xfe]], ["utf-16be", [0xfe, 0xff]]];

// The texts of a file, one or several, each with its own header.
export function* readTexts(path, mapping) {
  const head = firstBytes(path, 4);
  if (mapping.format === "xlsx") yield sheetRows(path, mapping);
  else if (head[0] === 0x50 && head[1] === 0x4b) for (const entry of chosen(entriesOf(path), mapping.entry)) yield readRows(entry.stream(), mapping);
  else yield readRows(head[0] === 0x1f && head[1] === 0x8b ? createReadStream(path).pipe(createGunzip()) : createReadStream(path), mapping);
}

async function* readRows(chunks, mapping) {
  const take = mapping.format === "json-lines" ? jsonRows() : csvRows(mapping.delimiter ?? ",", mapping.quote ?? '"', mapping.escape);
  const skip = skipLines(mapping.skipRows ?? 0);
  for await (const text of texts(chunks, mapping.encoding)) yield* take(skip(text), false);
  yield* take("", true);
}

async function* texts(chunks, encoding) {
  let decoder;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(marks.find(([, mark]) => mark.every((byte, i) => chunk[i] === byte))?.[0] ?? label(encoding ?? "utf-8"), { fatal: true });
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

// The names that .NET has and the web has not; iso-8859-1 is windows-1252 here, which differs in bytes that the program refuses.
function label(name) { return { "utf-16": "utf-16le", gb2312: "gbk", "euc-jp": "euc-jp" }[name.toLowerCase()] ?? name; }

function skipLines(lines) {
  let last = "";
  return text => {
    let i = 0;
    while (lines > 0 && i < text.length) {
      const c = text[i++];
      if (c === "\n" && last === "\r" && i === 1) { last = c; continue; }
      if (c === "\n" || c === "\r") {
        lines--;
        if (c === "\r" && text[i] === "\n") i++;
      }
      last = c;
    }
    const rest = text.slice(i);
    return last === "\r" && i === 0 && rest.startsWith("\n") ? rest.slice(1) : rest;
  };
}

function csvRows(delimiter, around, escape) {
  const quote = around === "none" ? undefined : around;
  let row = [], field = "", quoted = false, wasQuoted = false, afterQuote = false, escaped = false, blank = true;
  const endField = () => { row.push(field); field = ""; wasQuoted = afterQuote = false; };
  return function* take(text, ended) {
    for (const c of text) {
      if (quoted) {
        if (escaped) { field += c; escaped = false; continue; }
        if (afterQuote && c === quote && !escape) { field += quote; afterQuote = false; continue; }
        if (!afterQuote) {
          if (escape && c === escape) escaped = true; else if (c === quote) afterQuote = true; else field += c;
          continue;
        }
        quoted = afterQuote = false;
      }
      if (c === quote && field === "" && !wasQuoted) { quoted = wasQuoted = true; blank = false; }
      else if (c === delimiter) { endField(); blank = false; }
      else if (c === "\n" || c === "\r") {
        if (blank) continue;
        endField();
        yield row;
        row = [];
        blank = true;
      } else { field += c; blank = false; }
    }
    if (ended && quoted && !afterQuote) throw new Error("the file ends inside a quote");
    if (ended && !blank) { endField(); yield row; }
  };
}

function jsonRows() {
  let rest = "";
  return function* take(text, ended) {
    // A CR at the end of a piece may be the first half of a line's end.
    const held = !ended && text.endsWith("\r") ? "\r" : "";
    const lines = (rest + text.slice(0, text.length - held.length)).split(/\r\n|\n|\r/);
    rest = ended ? "" : lines.pop() + held;
    for (const line of lines) if (line.trim() !== "") yield flatten(line);
  };
}

// An object whose keys are paths; a row that is no object, or names something twice, has its reason instead.
function flatten(line) {
  const parsed = readJson(line);
  if (!parsed) return { fault: "not-json", line };
  if (parsed.kind !== "object") return { fault: "not-object", line };
  if (parsed.repeats) return { fault: "duplicate-key", line };
  const flat = Object.create(null);
  const put = (members, path) => {
    for (const [key, value] of members) {
      const full = path ? `${path}.${key}` : key;
      if (!full.isWellFormed() || (value.kind === "text" && !value.text.isWellFormed())) return "not-json";
      if (value.kind !== "object" && full in flat) return "duplicate-key";
      if (value.kind !== "object") flat[full] = value.kind === "null" ? "" : value.text;
      const fault = value.kind === "object" && put(value.members, full);
      if (fault) return fault;
    }
    return undefined;
  };
  const fault = put(parsed.members, "");
  return fault ? { fault, line } : { record: flat };
}

function firstBytes(path, count) {
  const file = openSync(path, "r"), head = Buffer.alloc(count);
  readSync(file, head, 0, count, 0);
  closeSync(file);
  return head;
}
