// JSON as it is written: JSON.parse rounds numbers and lets the last of two equal names win.
const deepest = 32;

// The value of a text: { kind, text } of a text, number or literal (true, false, null), { kind, members or items, text } of an object or array.
// Undefined when it is no JSON, or nested deeper than a row may be. repeats: some object in it names the same twice.
export function readJson(text) {
  try { JSON.parse(text); } catch { return undefined; }
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)];
  let at = 0, deep = 0, tooDeep = false, repeats = false;
  const value = () => {
    const { 0: token, index: from } = tokens[at++];
    if (token !== "{" && token !== "[") return token[0] === '"' ? { kind: "text", text: JSON.parse(token) } : { kind: /^[-\d]/.test(token) ? "number" : token, text: token };
    const isObject = token === "{", within = [], names = new Set();
    tooDeep ||= ++deep > deepest;
    while (tokens[at][0] !== (isObject ? "}" : "]")) {
      if (tokens[at][0] === ",") at++;
      const name = isObject ? JSON.parse(tokens[at][0]) : undefined;
      if (isObject) { at += 2; repeats ||= names.has(name); names.add(name); }
      within.push(isObject ? [name, value()] : value());
    }
    deep--;
    return { kind: isObject ? "object" : "array", [isObject ? "members" : "items"]: within, text: text.slice(from, tokens[at++].index + 1) };
  };
  const whole = value();
  return tooDeep ? undefined : { ...whole, repeats };
}
