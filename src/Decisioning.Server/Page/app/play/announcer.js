import { setText } from '../dom.js';
import { effectText, entryText } from './views/entry.js';

/** Speaks the newest timeline entry with its effects to assistive technology, once. */
export function announcerView(node) {
  let spoken = null;
  return {
    update({ timeline, catalogue }, words) {
      const newest = timeline[0];
      if (!newest || newest === spoken) return;
      spoken = newest;
      const context = { ...words, brand: catalogue?.name };
      setText(node, [entryText(newest, context), ...newest.effects.map(effect => effectText(effect, context))].join('. '));
    },
  };
}
