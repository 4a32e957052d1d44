import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { bar, drawnFrom, empty } from '../drawing.js';
import { share } from '../figures.js';

/** Why slots stayed empty, the most frequent reason first. */
export function reasonsPanel() {
  const body = h('ul', { class: 'reasons' });
  const frame = panel('reasons', body);
  const draw = drawnFrom((noDecisions, words) => {
    const { t, format } = words;
    const reasons = Object.entries(noDecisions).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
    const all = reasons.reduce((sum, [, count]) => sum + count, 0);
    frame.title.textContent = t('reasons');
    frame.aside.textContent = all > 0 ? format.count(all) : '';
    body.replaceChildren(...(reasons.length > 0
      ? reasons.map(([reason, count]) => h('li', { class: 'reason', title: t(`tell.${reason}`) },
        h('span', { class: 'reason-name' }, t(`reason.${reason}`)), bar(count / reasons[0][1], { class: 'bar bar-thin' }), h('b', {}, format.short(count)), h('span', { class: 'quiet' }, format.percent(share(count, all)))))
      : [empty(t('reasons.none'))]));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.noDecisions, words) };
}
