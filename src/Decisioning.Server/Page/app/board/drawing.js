import { h, s } from '../dom.js';
import { icon } from '../icons.js';

/** A drawing that is made again only when one of the values it is made of is another. */
export function drawnFrom(draw) {
  let last = null;
  return (...values) => {
    if (last && values.every((value, i) => value === last[i])) return;
    last = values;
    draw(...values);
  };
}

/** A part of a whole as a bar; `part` from 0 to 1. The width is set through the object model, as the content policy asks. */
export function bar(part, attributes = {}) {
  const fill = h('span', { class: 'bar-fill' });
  fill.style.transform = `scaleX(${Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0})`;
  return h('span', { class: 'bar', 'aria-hidden': 'true', ...attributes }, fill);
}

/** What is shown where there is nothing yet, and what to do about it. */
export const empty = (title, text) => h('div', { class: 'nothing' }, icon('none'), h('strong', {}, title), text ? h('span', {}, text) : null);

/** A name with its figure. */
export const figure = (name, value, note, attributes = {}) => h('div', { class: 'figure', ...attributes },
  h('dt', {}, name), h('dd', {}, h('b', {}, value), note ? h('span', {}, note) : null));

/** Counts a second as a strip of bars, oldest on the left. */
export function strip(counts, height = 28) {
  const most = Math.max(1, ...counts);
  return s('svg', { class: 'strip', viewBox: `0 0 ${counts.length * 4} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    counts.map((count, i) => {
      const tall = count > 0 ? Math.max(1.5, count / most * height) : 0.75;
      return s('rect', { x: i * 4 + 0.5, y: height - tall, width: 3, height: tall, class: count > 0 ? 'strip-bar' : 'strip-none' });
    }));
}

/** One of a few choices: { node, update(chosen, labels) }. */
export function choice(name, values, choose) {
  const buttons = values.map(value => h('button', { type: 'button', class: 'segment', 'data-testid': `${name}-${value}`, on: { click: () => choose(value) } }));
  const node = h('div', { class: 'segments', role: 'group' }, buttons);
  return {
    node,
    update(chosen, labelOf) {
      values.forEach((value, i) => {
        buttons[i].textContent = labelOf(value);
        buttons[i].setAttribute('aria-pressed', String(value === chosen));
      });
    },
  };
}
