import { h } from './dom.js';

let panels = 0;

/** A titled region: { node, title, aside, body }. */
export function panel(name, ...body) {
  const id = `panel-${++panels}`;
  const title = h('h2', { class: 'panel-title', id });
  const aside = h('div', { class: 'panel-aside' });
  const node = h('section', { class: `panel panel-${name}`, 'aria-labelledby': id },
    h('header', { class: 'panel-head' }, title, aside),
    ...body);
  return { node, title, aside };
}
