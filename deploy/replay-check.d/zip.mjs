// Entries of a zip archive, with what they unpack to.
import { inflateRawSync } from "node:zlib";

export function entriesOf(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end--;
  if (end < 0) throw new Error("the zip archive has no end");
  const entries = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [method, packed, nameLength, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    if (packed === 0xffffffff || local === 0xffffffff) throw new Error("cannot count zip archives of more than 4 GiB");
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    entries.push({ name, read: () => unpack(method, bytes.subarray(start, start + packed)) });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

// The entries a mapping means, in the order of their names; what systems put into archives by themselves is none of them.
export function chosen(entries, wanted = "") {
  const content = entries.filter(({ name }) => {
    const last = name.slice(name.lastIndexOf("/") + 1);
    return last !== "" && !last.startsWith("._") && last !== ".DS_Store" && !name.startsWith("__MACOSX/");
  }).sort((a, b) => a.name < b.name ? -1 : 1);
  const pattern = new RegExp(`^${wanted.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`);
  const some = wanted === "" ? content : content.filter(({ name }) => pattern.test(name));
  if (some.length === 0) throw new Error("the archive holds no file that is meant");
  if (some.length > 1 && wanted === "") throw new Error("the archive holds several files; say which with entry in the mapping");
  return some;
}

function unpack(method, bytes) {
  if (method === 0) return bytes;
  if (method === 8) return inflateRawSync(bytes);
  throw new Error(`cannot count what is packed by method ${method}`);
}
