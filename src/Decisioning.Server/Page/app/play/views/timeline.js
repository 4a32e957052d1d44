import { h, setText } from '../../dom.js';
import { icon } from '../../icons.js';
import { effectText, entryText } from './entry.js';
import { panel } from '../../panel.js';

const AIPL = { discover: 'awareness', engage: 'awareness', enthuse: 'interest', perform: 'interest', initial: 'purchase', numerous: 'loyalty', keen: 'loyalty' };
const GLYPHS = { asked: 'spark', nothing: 'none', bought: 'buy', refunded: 'refund', passed: 'clock', moved: 'moved', met: 'person', brand: 'follow' };

/** What happened, newest first, by the sandbox's days, each with what it changed. */
export function timelineView() {
  const list = h('ol', { class: 'timeline', role: 'list', tabindex: 0, 'data-testid': 'timeline' });
  const frame = panel('timeline', list);
  let drawn = {};
  return {
    node: frame.node,
    update({ timeline, catalogue }, words) {
      setText(frame.title, words.t('timeline'));
      list.setAttribute('aria-label', words.t('timeline'));
      if (drawn.timeline === timeline && drawn.t === words.t) return;
      const arrived = drawn.timeline && drawn.t === words.t && timeline.length > drawn.timeline.length;
      drawn = { timeline, t: words.t };
      list.replaceChildren(...(timeline.length > 0 ? nodesOf(timeline, { ...words, brand: catalogue?.name }) : [h('li', { class: 'empty' }, words.t('timeline.empty'))]));
      if (arrived) {
        list.querySelector('.entry')?.setAttribute('data-new', 'true');
        list.scrollTop = 0;
      }
    },
  };
}

function nodesOf(timeline, words) {
  let day = null;
  return timeline.flatMap(entry => {
    const today = words.format.day(entry.at);
    const head = today === day ? [] : [h('li', { class: 'timeline-day' }, today)];
    day = today;
    return [...head, entryNode(entry, words)];
  });
}

function entryNode(entry, words) {
  const glyph = GLYPHS[entry.kind] ?? entry.behaviour ?? entry.interaction;
  const moved = entry.effects.find(effect => effect.kind === 'stage');
  return h('li', { class: 'entry', 'data-testid': 'timeline-entry', 'data-kind': entry.behaviour ?? entry.interaction ?? entry.kind, 'data-of': moved ? AIPL[moved.to] ?? 'none' : null },
    h('span', { class: 'entry-glyph' }, icon(glyph)),
    h('div', { class: 'entry-words' },
      h('span', { class: 'entry-text' }, entryText(entry, words)),
      entry.effects.length > 0 ? h('span', { class: 'effects' }, entry.effects.map(effect => h('span', { class: 'effect', 'data-kind': effect.kind }, effectText(effect, words)))) : null),
    h('time', { class: 'entry-time' }, words.format.time(entry.at)));
}
