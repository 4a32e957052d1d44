import { en } from './text/en.js';
import { enBoard } from './text/en-board.js';
import { zh } from './text/zh.js';
import { zhBoard } from './text/zh-board.js';

const TABLES = { 'en': { ...en, ...enBoard }, 'zh-CN': { ...zh, ...zhBoard } };

/** A translator for one language: `t('step.seen', { n: 2 })`; a key without a text is shown as it is. */
export function createText(language) {
  const table = TABLES[language] ?? TABLES.en;
  return (key, values = {}) => (table[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** The text of a key that may be unknown to the page, else the word itself. */
export const orWord = (t, prefix, word) => {
  const key = `${prefix}.${word}`;
  const text = t(key);
  return text === key ? String(word ?? '') : text;
};
