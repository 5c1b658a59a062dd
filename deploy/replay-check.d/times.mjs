// Times as a mapping writes them, to epoch milliseconds; undefined for what is no time.
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))?$/;

export function timeReader({ format = "rfc3339", zone = "UTC", months = [], days = [], halves = [] }) {
  const read = reader(format, zone), english = translator(format, months, days, halves), known = new Map();
  return text => {
    if (!known.has(text)) {
      if (known.size > 200_000) known.clear();
      const tidy = text.replace(/[\u200e\u200f\u202a\u202c\ufeff]/g, "").replace(/\s/g, " ");
      known.set(text, text.length > 128 ? undefined : read(english(tidy === text && !/[^!-~]/.test(text) ? text : tidy.trim())));
    }
    return known.get(text);
  };
}

function reader(format, zone) {
  const perUnit = { "epoch-seconds": 3, "epoch-milliseconds": 0, "epoch-microseconds": -3 }[format];
  if (perUnit !== undefined) return text => epoch(text, perUnit);
  const inZone = zoned(zone);
  if (format === "excel-serial") {
    return text => {
      const serial = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
      return serial >= 61 && serial < 2_958_466 ? inZone(Math.round((serial - 25_569) * 86_400_000)) : undefined;
    };
  }
  if (format === "rfc3339") {
    return text => {
      const m = rfc3339.exec(text.length === 16 ? text + ":00" : text);
      if (!m) return undefined;
      const at = utc(m[1], m[2], m[3], m[4], m[5], m[6], (m[7] ?? "").padEnd(3, "0").slice(0, 3), m[9] ? (m[9] === "-" ? -1 : 1) * (Number(m[10]) * 60 + Number(m[11])) : 0);
      if (at === undefined || (m[9] && (Number(m[10]) > 23 || Number(m[11]) > 59))) return undefined;
      return m[8] || m[9] ? at : inZone(at);
    };
  }

  const { pattern, names } = compile(format);
  return text => {
    const m = pattern.exec(text);
    if (!m) return undefined;
    const p = { y: "1", M: "1", d: "1", H: "0", m: "0", s: "0", f: "" };
    names.forEach((name, i) => { p[name] = m[i + 1]; });
    if (/^[A-Za-z]/.test(p.M)) p.M = "janfebmaraprmayjunjulaugsepoctnovdec".indexOf(p.M.slice(0, 3).toLowerCase()) / 3 + 1;
    if (p.h) p.H = (Number(p.h) % 12) + (/^p/i.test(p.t ?? "") ? 12 : 0);
    if (p.y.length === 2) p.y = Number(p.y) + (Number(p.y) < 50 ? 2000 : 1900);
    const local = utc(p.y, p.M, p.d, p.H, p.m, p.s, p.f.padEnd(3, "0").slice(0, 3), 0);
    if (local === undefined) return undefined;
    if (p.z) return local - (/^[zZ]$/.test(p.z) ? 0 : (p.z[0] === "-" ? -1 : 1) * (Number(p.z.slice(1, 3)) * 60 + Number(p.z.slice(-2))) * 60_000);
    return inZone(local);
  };
}

// Exact, cut to the millisecond: the point is moved in the text.
function epoch(text, shift) {
  const m = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!m || m[2].length + (m[3] ?? "").length === 0) return undefined;
  const fraction = m[3] ?? "", scale = 10n ** BigInt(fraction.length);
  let value = BigInt(m[2] + fraction) * (m[1] === "-" ? -1n : 1n);
  const limit = 100_000_000_000_000_000n;
  if ((value < 0n ? -value : value) > limit * scale) return undefined;
  const unit = scale * (shift < 0 ? 1000n : 1n);
  if (shift > 0) value *= 1000n;
  const whole = value / unit - (value % unit < 0n ? 1n : 0n);
  return (whole < 0n ? -whole : whole) > limit ? undefined : Number(whole);
}

// From a wall clock to the earlier of two instants with it; where clocks jump over it, later by the jump.
function zoned(zone) {
  const offsetAt = offsets(zone);
  return local => {
    const [before, after] = [offsetAt(local - 86_400_000), offsetAt(local + 86_400_000)];
    const fits = [before, after].map(o => local - o).filter(at => local - at === offsetAt(at));
    return fits.length ? Math.min(...fits) : local - before;
  };
}

const monthNames = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

// Puts the English names in the place of a file's own.
function translator(format, months, days, halves) {
  const english = new Map();
  const add = (own, to) => own.forEach((names, i) => String(names).split("|").forEach(name => name.trim() && english.set(name.trim().toLowerCase(), to[i])));
  add(months, /M{4}/.test(format) ? monthNames : monthNames.map(name => name.slice(0, 3)));
  add(days, /d{4}/.test(format) ? dayNames : dayNames.map(name => name.slice(0, 3)));
  add(halves, ["AM", "PM"]);
  if (english.size === 0) return text => text;
  const names = new RegExp([...english.keys()].sort((a, b) => b.length - a.length).map(escape).join("|"), "giu");
  const letter = /\p{L}/u;
  return text => text.replace(names, (name, at) => {
    const front = at === 0 || !letter.test(text[at - 1]) || !letter.test(text[at]);
    const end = at + name.length;
    return front && (end === text.length || !letter.test(text[end]) || !letter.test(text[end - 1])) ? english.get(name.toLowerCase()) : name;
  });
}

function utc(year, month, day, hour, minute, second, millisecond, offsetMinutes) {
  const [y, mo, d, h, mi, s, ms] = [year, month, day, hour, minute, second, millisecond].map(Number);
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  if (y < 1 || date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 60) return undefined;
  return date.getTime() + ((h * 60 + mi - offsetMinutes) * 60 + s) * 1000 + ms;
}

// A .NET date and time pattern as a regular expression.
function compile(format) {
  const names = [];
  const source = format.replace(/'([^']*)'|\\(.)|y+|M+|d+|H+|h+|m+|s+|f+|t+|z+|K|[^]/g, (token, quoted, escaped) => {
    const literal = quoted ?? escaped;
    if (literal !== undefined) return escape(literal);
    if (!/^[yMdHhmsftzK]/.test(token)) return escape(token);
    if (/^d{3,}/.test(token)) return "[A-Za-z]+";
    names.push(token === "K" ? "z" : token[0]);
    if (/^M{3,}/.test(token)) return "([A-Za-z]+)";
    if (token[0] === "t") return "([AaPp][Mm]?)";
    if (token === "K") return "([Zz]|[+-]\\d\\d:?\\d\\d)?";
    if (token[0] === "z") return "([Zz]|[+-]\\d\\d:?\\d\\d)";
    if (token[0] === "y") return token.length > 2 ? "(\\d{4})" : "(\\d{2})";
    if (token[0] === "f") return `(\\d{${token.length}})`;
    return token.length === 1 ? "(\\d{1,2})" : "(\\d{2})";
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

function escape(text) { return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"); }

function offsets(zone) {
  if (zone === "UTC") return () => 0;
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  return at => {
    const p = Object.fromEntries(parts.formatToParts(at).map(part => [part.type, part.value]));
    return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - Math.floor(at / 1000) * 1000;
  };
}
