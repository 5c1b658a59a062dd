// Numbers as a mapping's file writes them: { value: whole number, decimals } or undefined. Exact: whole numbers of the smallest unit written.
const mostDigits = 28;

export function numberReader({ decimal = ".", group = "", marks = [] } = {}) {
  const groups = group === "" ? "" : group === " " ? "\\s" : group === "'" || group === "’" ? "'’" : group;
  const whole = groups ? `\\d{1,3}(?:[${groups}]\\d{2,3})*[${groups}]\\d{3}|\\d*` : "\\d*";
  const shape = new RegExp(`^(${whole})(?:[${decimal}](\\d*))?(?:[eE]([+-]?\\d+))?$`, "u");
  const byLength = [...marks].sort((a, b) => b.length - a.length);
  return text => {
    let rest = text.trim(), negative = false, signed = false;
    if (/^\(.*\)$/s.test(rest)) { negative = signed = true; rest = rest.slice(1, -1).trim(); }
    for (let before; before !== rest;) {
      before = rest;
      if (!signed && rest.length > 1 && /^[-+−]/.test(rest)) { negative = rest[0] !== "+"; signed = true; rest = rest.slice(1).trim(); continue; }
      if (!signed && rest.length > 1 && /[-−]$/.test(rest)) { negative = signed = true; rest = rest.slice(0, -1).trim(); continue; }
      const mark = byLength.find(m => rest.length > m.length && (startsLike(rest, m) || startsLike(rest.slice(-m.length), m)));
      if (mark) { rest = (startsLike(rest, mark) ? rest.slice(mark.length) : rest.slice(0, -mark.length)).trim(); continue; }
      if (rest.length > 1 && /^\p{Sc}/u.test(rest)) rest = rest.slice(1).trim();
      else if (rest.length > 1 && /\p{Sc}$/u.test(rest)) rest = rest.slice(0, -1).trim();
    }
    const m = shape.exec(rest);
    if (!m) return undefined;
    const before = m[1].replace(/\D/g, ""), after = m[2] ?? "", exponent = Number(m[3] ?? 0);
    const digits = before.length + after.length + Math.abs(exponent);
    if (before.length + after.length === 0 || digits > mostDigits) return undefined;
    let value = BigInt(before + after), decimals = after.length - exponent;
    if (decimals < 0) { value *= 10n ** BigInt(-decimals); decimals = 0; }
    return { value: negative ? -value : value, decimals, digits };
  };
}

// The shortest way to write it.
export function plain({ value, decimals }) {
  const sign = value < 0n ? "-" : "", text = String(value < 0n ? -value : value).padStart(decimals + 1, "0");
  const fraction = decimals ? text.slice(-decimals).replace(/0+$/, "") : "";
  return sign + text.slice(0, text.length - decimals) + (fraction ? `.${fraction}` : "");
}

function startsLike(text, mark) { return text.slice(0, mark.length).toLowerCase() === mark.toLowerCase(); }
