// Rows of a CSV file, compressed with gzip or not, as arrays of texts.
import { createReadStream, openSync, readSync, closeSync } from "node:fs";
import { createGunzip } from "node:zlib";

export async function* readRows(path, delimiter) {
  const stream = createReadStream(path);
  let row = [], field = "", quoted = false, wasQuoted = false, afterQuote = false, blank = true;
  const endField = () => { row.push(field); field = ""; wasQuoted = afterQuote = false; };

  const decoder = new TextDecoder("utf-8"); // drops a byte-order mark
  for await (const chunk of isGzip(path) ? stream.pipe(createGunzip()) : stream) yield* take(decoder.decode(chunk, { stream: true }));
  yield* take(decoder.decode());
  if (!blank) { endField(); yield row; }

  function* take(text) {
    for (const c of text) {
      if (quoted) {
        if (afterQuote && c === '"') { field += '"'; afterQuote = false; continue; }
        if (!afterQuote) {
          if (c === '"') afterQuote = true; else field += c;
          continue;
        }
        quoted = afterQuote = false;
      }
      if (c === '"' && field === "" && !wasQuoted) { quoted = wasQuoted = true; blank = false; }
      else if (c === delimiter) { endField(); blank = false; }
      else if (c === "\n" || c === "\r") {
        if (blank) continue;
        endField();
        yield row;
        row = [];
        blank = true;
      } else { field += c; blank = false; }
    }
  }
}

function isGzip(path) {
  const file = openSync(path, "r"), head = Buffer.alloc(2);
  readSync(file, head, 0, 2, 0);
  closeSync(file);
  return head[0] === 0x1f && head[1] === 0x8b;
}
