import { h, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';

/** A button that stays in the tab order while it is unavailable. `update({ label, available, done })`. */
export function button({ testid, kind = 'plain', glyph, press }) {
  const label = h('span', { class: 'button-label' });
  const node = h('button', {
    type: 'button',
    class: `button button-${kind}`,
    'data-testid': testid,
    on: { click: () => { if (node.getAttribute('aria-disabled') !== 'true') press(); } },
  }, glyph ? icon(glyph) : null, label);
  return {
    node,
    update({ label: text, available = true, done = false, title = null }) {
      setText(label, text);
      setAttribute(node, 'aria-disabled', available ? null : 'true');
      setAttribute(node, 'data-done', done ? 'true' : null);
      setAttribute(node, 'title', title);
    },
  };
}
