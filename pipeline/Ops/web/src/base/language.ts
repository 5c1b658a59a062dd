import { en, type Texts } from '../text/en';
import { words } from '../text/words';
import { zh } from '../text/zh';

/** The browser's first language that the page speaks. */
export const language: 'en' | 'zh' = pick();
export const locale = language === 'zh' ? 'zh-CN' : navigator.languages.find((tag) => tag.startsWith('en')) ?? 'en';

const texts: Texts = language === 'zh' ? zh : en;

/** The text of this name, with `{x}` replaced by `values.x`. */
export function t(name: keyof Texts, values: Record<string, string | number> = {}): string {
  return texts[name].replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

/** The page's word for a code of the system, or the code itself when it has none. */
export function word(code: string): string {
  return words[code]?.[language === 'zh' ? 1 : 0] ?? code;
}

/** This language's half of a text that dashboards write as "English · 中文". */
export function half(text: string): string {
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
