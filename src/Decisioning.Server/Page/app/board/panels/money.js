import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { drawnFrom, figure } from '../drawing.js';
import { share, total } from '../figures.js';

/** The brand's money in all: spent, held, earned, and what one unit spent brought. */
export function moneyPanel() {
  const body = h('dl', { class: 'figures figures-money' });
  const frame = panel('money', body);
  const draw = drawnFrom((spend, campaigns, words) => {
    const { t, format } = words;
    const earned = share(spend.revenueMicros, spend.totalMicros);
    const rendered = total(campaigns, 'rendered');
    const clicks = total(campaigns, 'clicks');
    frame.title.textContent = t('money');
    frame.aside.textContent = spend.currency;
    body.replaceChildren(
      figure(t('money.today'), format.money(spend.todayMicros), null, { 'data-testid': 'spend-today', 'data-value': spend.todayMicros }),
      figure(t('money.total'), format.money(spend.totalMicros), spend.heldMicros > 0 ? t('money.held', { amount: format.money(spend.heldMicros) }) : null),
      figure(t('money.revenue'), format.money(spend.revenueMicros), Number.isFinite(earned) ? t('money.return', { n: format.decimal(earned) }) : null),
      figure(t('money.perThousand'), rendered > 0 ? format.money(spend.totalMicros / rendered * 1_000) : '–'),
      figure(t('money.perClick'), clicks > 0 ? format.money(spend.totalMicros / clicks) : '–'));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.spend, pulse.campaigns, words) };
}
