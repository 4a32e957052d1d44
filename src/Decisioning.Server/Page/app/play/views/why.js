import { h, replaceKeepingFocus, setText } from '../../dom.js';
import { icon } from '../../icons.js';
import { orWord } from '../../i18n.js';
import { picture } from '../../art/picture.js';
import { removals } from '../decision.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';

const ROWS = 60;

/** Every candidate of the last decision: chosen, able to serve, or removed by what and until when. */
export function whyView(session) {
  const funnel = h('div', { class: 'funnel', 'data-testid': 'why-summary' });
  const list = h('ol', { class: 'candidates', role: 'list', 'data-testid': 'why' });
  const frame = panel('why', funnel, list);
  let drawn = null;
  return {
    node: frame.node,
    update({ decision, catalogue, now }, { t, format }) {
      setText(frame.title, t('why'));
      const candidates = decision?.candidates;
      if (drawn && drawn.candidates === candidates && drawn.t === t && drawn.now === now && drawn.catalogue === catalogue) return;
      drawn = { candidates, t, now, catalogue };
      replaceKeepingFocus(funnel, candidates?.length > 0 ? funnelOf(candidates, t) : []);
      replaceKeepingFocus(list, candidates?.length > 0
        ? rowsOf(candidates, { catalogue, now, t, format, session })
        : [h('li', { class: 'empty' }, t('why.empty'))]);
    },
  };
}

function funnelOf(candidates, t) {
  const left = candidates.filter(candidate => !candidate.removedBy).length;
  return [
    h('span', { class: 'funnel-total' }, t('why.count', { n: candidates.length })),
    ...removals(candidates).map(({ reason, count }) => h('span', { class: 'funnel-cut' }, `−${count} `, orWord(t, 'reason', reason))),
    h('span', { class: 'funnel-left' }, t('why.left', { n: left })),
  ];
}

function rowsOf(candidates, context) {
  const rows = candidates.slice(0, ROWS).map((candidate, index) => candidateRow(candidate, index, context));
  const more = candidates.length - rows.length;
  return more > 0 ? [...rows, h('li', { class: 'candidate-more' }, context.t('why.more', { n: more }))] : rows;
}

function candidateRow(candidate, index, { catalogue, now, t, format, session }) {
  const status = candidate.chosen ? 'chosen' : candidate.removedBy ? 'removed' : 'stayed';
  return h('li', { class: 'candidate', 'data-testid': 'candidate', 'data-status': status, 'data-creative': candidate.creative, 'data-step': candidate.step, 'data-removed-by': candidate.removedBy },
    h('span', { class: 'candidate-art' }, candidate.creative
      ? picture({ id: candidate.creative, step: candidate.step, landing: catalogue?.creatives[candidate.creative]?.landing })
      : icon('none')),
    h('span', { class: 'candidate-who' },
      h('strong', {}, candidate.creative ? titleOf(candidate.creative) : titleOf(candidate.campaign)),
      h('span', { class: 'candidate-path' }, candidate.creative ? [candidate.campaign, candidate.step].filter(Boolean).join(' / ') : t('why.whole'))),
    status === 'removed' ? removedCell(candidate, index, { now, t, format, session }) : scoredCell(candidate, status, t, format));
}

function scoredCell(candidate, status, t, format) {
  const bar = h('span', { class: 'probability-fill' });
  bar.style.transform = `scaleX(${Math.min(1, candidate.probability ?? 0)})`;
  return h('span', { class: 'candidate-result' },
    h('span', { class: 'verdict', 'data-verdict': status }, status === 'chosen' ? icon('check') : null, t(`why.${status}`)),
    h('span', { class: 'probability' }, h('span', { class: 'probability-bar' }, bar), h('b', {}, format.percent(candidate.probability))),
    h('span', { class: 'candidate-detail' }, `${t('score')} ${format.score(candidate.score)}`));
}

function removedCell(candidate, index, { now, t, format, session }) {
  const until = candidate.eligibleAt;
  return h('span', { class: 'candidate-result' },
    h('span', { class: 'verdict', 'data-verdict': 'removed' }, orWord(t, 'reason', candidate.removedBy)),
    candidate.detail ? h('span', { class: 'candidate-detail' }, candidate.detail) : null,
    until !== null && until > now
      ? h('button', { type: 'button', class: 'until', 'data-testid': `jump-${index}`, title: t('why.jump'), on: { click: () => session.advanceTo(until) } },
        t('why.until', { at: format.instant(until) }), h('span', { class: 'until-in' }, t('why.in', { d: format.duration(until - now) })), icon('pass'))
      : null);
}
