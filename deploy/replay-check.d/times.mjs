// Times as a mapping writes them, to epoch milliseconds; undefined for what is no time.
const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

export function timeReader({ format = "rfc3339", zone = "UTC" }) {
  const read = reader(format, zone), known = new Map();
  return text => {
    if (!known.has(text)) {
      if (known.size > 200_000) known.clear();
      known.set(text, read(text));
    }
    return known.get(text);
  };
}

function reader(format, zone) {
  if (format === "epoch-milliseconds") return text => /^-?\d{1,18}$/.test(text) ? Number(text) : undefined;
  if (format === "epoch-seconds") return text => /^-?\d{1,12}(\.\d*)?$/.test(text) ? Math.floor(Number(text) * 1000) : undefined;
  if (format === "rfc3339") {
    return text => {
      if (/^-?\d{6,18}$/.test(text)) return Number(text);
      const m = rfc3339.exec(text);
      if (!m) return undefined;
      const offset = m[8] ? (m[8] === "-" ? -1 : 1) * (Number(m[9]) * 60 + Number(m[10])) : 0;
      return utc(m[1], m[2], m[3], m[4], m[5], m[6], (m[7] ?? "").padEnd(3, "0").slice(0, 3), offset);
    };
  }

  const { pattern, names } = compile(format), offsetAt = offsets(zone);
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
    // The earlier of two instants with that wall clock; where clocks jump over it, later by the jump.
    const [before, after] = [offsetAt(local - 86_400_000), offsetAt(local + 86_400_000)];
    const fits = [before, after].map(o => local - o).filter(at => local - at === offsetAt(at));
    return fits.length ? Math.min(...fits) : local - before;
  };
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
    if (token === "K" || token[0] === "z") return "([Zz]|[+-]\\d\\d:?\\d\\d)";
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
