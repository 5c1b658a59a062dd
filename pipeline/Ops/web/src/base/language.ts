import { en, type Texts } from '../text/en';
import { codeNames } from '../text/code-names';
import { zh } from '../text/zh';

/** The first of the browser's languages that the page supports. */
export const language: 'en' | 'zh' = pick();
export const locale = language === 'zh' ? 'zh-CN' : navigator.languages.find((tag) => tag.startsWith('en')) ?? 'en';

const texts: Texts = language === 'zh' ? zh : en;

/** The text of this name, with `{x}` replaced by `values.x`. */
export function t(name: keyof Texts, values: Record<string, string | number> = {}): string {
  return texts[name].replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** The name of a code of the system in the page's language, or the code itself when it has none. */
export function codeName(code: string): string {
  return codeNames[code]?.[language === 'zh' ? 1 : 0] ?? code;
}

/** The part in the page's language of a text that dashboards write as "English · 中文". */
export function ownHalf(text: string): string {
  const at = text.indexOf(' · ');
  if (at < 0) return text;
  return language === 'zh' ? text.slice(at + 3) : text.slice(0, at);
}

function pick(): 'en' | 'zh' {
  for (const tag of navigator.languages) {
    if (tag.startsWith('zh')) return 'zh';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}
