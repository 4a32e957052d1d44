import { h, replaceKeepingFocus } from '../../dom.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';
import { drawnFrom, empty } from '../drawing.js';
import { share, wilson } from '../figures.js';
import { pauseButton } from './pause.js';

/** Creatives by click rate, each with the interval the rate lies in: bars that overlap are not yet told apart. */
export function creativesPanel(board) {
  const body = h('div', { class: 'ranks' });
  const frame = panel('creatives', body);
  const draw = drawnFrom((creatives, brand, words) => {
    frame.title.textContent = words.t('creatives');
    frame.aside.textContent = words.t('creatives.hint');
    const ranked = withUnshown(creatives, words.catalogue).map(creative => ({ ...creative, range: wilson(creative.clicks, creative.rendered) }))
      .sort((a, b) => (b.range?.rate ?? -1) - (a.range?.rate ?? -1) || b.rendered - a.rendered || (a.id < b.id ? -1 : 1));
    const widest = Math.max(0.01, ...ranked.map(creative => creative.range && creative.rendered >= LEAST_FOR_SCALE ? creative.range.high : 0));
    replaceKeepingFocus(body, ranked.length > 0 ? [heading(words), h('ol', {}, ranked.map((creative, i) => rankOf(creative, i, widest, brand, board, words)))] : [empty(words.t('creatives.none'), words.t('start.traffic'))]);
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.creatives, pulse.brand, words) };
}

/** Creatives never shown are in the catalogue alone; they can be paused all the same. */
function withUnshown(creatives, catalogue) {
  const shown = new Set(creatives.map(creative => creative.id));
  return [...creatives, ...Object.entries(catalogue?.creatives ?? {}).filter(([id]) => !shown.has(id))
    .map(([id, { status }]) => ({ id, paused: status === 'paused', rendered: 0, clicks: 0, watched: 0 }))];
}

/** Rates of fewer impressions do not stretch the scale: their intervals reach far. */
const LEAST_FOR_SCALE = 10;

const heading = ({ t }) => h('div', { class: 'rank rank-head', 'aria-hidden': 'true' },
  h('span', {}, '#'), h('span', {}, t('creative')), h('span', { class: 'rank-number' }, t('delivery.rendered')), h('span', { class: 'rank-number' }, t('creatives.rate')), h('span', {}, t('creatives.interval')), h('span', {}));

function rankOf(creative, i, widest, brand, board, { t, format }) {
  const { id, paused, rendered, clicks, range } = creative;
  return h('li', { class: 'rank', 'data-testid': 'creative-rank', 'data-creative': id, 'data-paused': paused ? 'true' : null, 'data-value': rendered },
    h('span', { class: 'rank-place' }, i + 1),
    h('span', { class: 'rank-name' }, h('strong', {}, titleOf(id)), h('span', { class: 'quiet' }, t('creatives.more', { clicks: format.short(clicks), watched: format.percent(share(creative.watched, rendered)) }))),
    h('span', { class: 'rank-number' }, format.short(rendered)),
    h('b', { class: 'rank-number' }, range ? format.rate(range.rate) : '–'),
    intervalOf(range, widest, t, format),
    pauseButton(board, { brand, kind: 'creatives', item: id, paused }, t));
}

function intervalOf(range, widest, t, format) {
  if (!range) return h('span', { class: 'interval' });
  const part = value => `${Math.min(1, value / widest) * 100}%`;
  const reach = h('span', { class: 'interval-reach' });
  reach.style.insetInlineStart = part(range.low);
  reach.style.insetInlineEnd = `${100 - Math.min(1, range.high / widest) * 100}%`;
  const point = h('span', { class: 'interval-point' });
  point.style.insetInlineStart = part(range.rate);
  const text = t('creatives.range', { low: format.rate(range.low), high: format.rate(range.high) });
  return h('span', { class: 'interval', title: text, role: 'img', 'aria-label': text }, reach, point);
}
