import { ownHalf, language } from '../base/language';

/** This language's part of a text of a dashboard: halves around " · ", or paragraphs, the first English and the rest Chinese. */
export function ownText(text: string): string {
  const paragraphs = text.split(/\n{2,}/);
  if (paragraphs.length < 2) return ownHalf(text);
  const chinese = (paragraph: string): boolean => /\p{Script=Han}/u.test(paragraph);
  const own = paragraphs.filter((paragraph) => chinese(paragraph) === (language === 'zh'));
  return (own.length > 0 ? own : paragraphs).join('\n\n');
}
