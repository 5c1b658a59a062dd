// Entries of a zip archive, with what they unpack to; also of archives and entries above 4 GiB (zip64).
import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { createInflateRaw, inflateRawSync } from "node:zlib";

const none = 0xffffffff;

export function entriesOf(path) {
  const { count, at: start, length } = directoryOf(path), directory = read(path, start, length);
  const entries = [];
  for (let at = 0, n = count; n > 0; n--) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error("the zip archive's directory is damaged");
    const method = directory.readUInt16LE(at + 10), [nameLength, extraLength, commentLength] = [28, 30, 32].map(field => directory.readUInt16LE(at + field));
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    const extra = large(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    // In zip64 the extra field holds what is too large for its place, in this order.
    const [, packed, local] = [24, 20, 42].map(field => directory.readUInt32LE(at + field)).map(value => value === none ? extra() : value);
    const from = () => { const header = read(path, local, 30); return local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28); };
    entries.push({ name, read: () => unpack(method, read(path, from(), packed)), stream: () => unpackStream(method, path, from(), packed) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function directoryOf(path) {
  const file = openSync(path, "r"), size = fstatSync(file).size;
  closeSync(file);
  const from = Math.max(0, size - 0x10000 - 22 - 20), tail = read(path, from, size - from);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== 0x06054b50) end--;
  if (end < 0) throw new Error("the zip archive has no end");
  if (end >= 20 && tail.readUInt32LE(end - 20) === 0x07064b50) {
    const record = read(path, Number(tail.readBigUInt64LE(end - 12)), 56);
    return { count: Number(record.readBigUInt64LE(32)), length: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) };
  }
  return { count: tail.readUInt16LE(end + 10), length: tail.readUInt32LE(end + 12), at: tail.readUInt32LE(end + 16) };
}

// The numbers of 8 bytes in the extra field of zip64, one after another.
function large(extra) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4 - 8;
    return () => Number(extra.readBigUInt64LE(next += 8));
  }
  return () => { throw new Error("the zip archive's directory lacks a size"); };
}

function read(path, from, length) {
  const file = openSync(path, "r"), bytes = Buffer.alloc(length);
  const got = readSync(file, bytes, 0, length, from);
  closeSync(file);
  if (got < length) throw new Error("the zip archive ends early");
  return bytes;
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

async function* unpackStream(method, path, from, length) {
  if (length === 0) return;
  const packed = createReadStream(path, { start: from, end: from + length - 1 });
  if (method === 0) yield* packed;
  else if (method === 8) yield* packed.pipe(createInflateRaw());
  else throw new Error(`cannot count what is packed by method ${method}`);
}
