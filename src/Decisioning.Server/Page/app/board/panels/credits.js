import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { bar, drawnFrom, figure } from '../drawing.js';
import { share } from '../figures.js';

/** The Purchase Intent Index: how much of what people did towards buying goes back to what they were shown. */
export function creditsPanel() {
  const body = h('div', { class: 'credits' });
  const frame = panel('credits', body);
  const draw = drawnFrom((index, words) => {
    const { t, format } = words;
    frame.title.textContent = t('credits');
    frame.aside.textContent = t('credits.hint');
    body.replaceChildren(
      h('div', { class: 'credits-index' },
        h('strong', { 'data-testid': 'intent-index' }, index.index === null ? '–' : format.decimal(index.index)),
        h('span', { class: 'quiet' }, t(index.index === null ? 'credits.noIndex' : 'credits.base'))),
      bar(share(index.credits, index.weight), { class: 'bar bar-credit' }),
      h('dl', { class: 'figures' },
        figure(t('credits.credited'), format.decimal(index.credits), format.percent(share(index.credits, index.weight)), { 'data-testid': 'credits', 'data-value': index.credits }),
        figure(t('credits.organic'), format.decimal(index.organic), format.percent(share(index.organic, index.weight))),
        figure(t('credits.perThousand'), index.perThousandExposed === null ? '–' : format.decimal(index.perThousandExposed)),
        figure(t('credits.late'), format.count(index.lateTouches))));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.purchaseIntentIndex, words) };
}
