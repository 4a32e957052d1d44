import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { drawnFrom, empty } from '../drawing.js';
import { share } from '../figures.js';

/** Where the creatives were shown, and how each place did. */
export function channelsPanel() {
  const body = h('div', { class: 'table-frame' });
  const frame = panel('channels', body);
  const draw = drawnFrom((channels, words) => {
    const { t, format } = words;
    frame.title.textContent = t('channels');
    const rows = [...channels].sort((a, b) => b.rendered - a.rendered || b.won - a.won);
    body.replaceChildren(rows.length === 0 ? empty(t('channels.none'), t('start.traffic')) : h('table', { class: 'table' },
      h('thead', {}, h('tr', {}, ['channel', 'delivery.rendered', 'channels.viewable', 'creatives.rate', 'channels.spend'].map((key, i) => h('th', { scope: 'col', class: i > 0 ? 'number' : null }, t(key))))),
      h('tbody', {}, rows.map(channel => h('tr', {},
        h('th', { scope: 'row' }, channel.id || t('channel.none')),
        h('td', { class: 'number' }, format.short(channel.rendered)),
        h('td', { class: 'number' }, format.percent(share(channel.viewable, channel.rendered))),
        h('td', { class: 'number' }, format.rate(share(channel.clicks, channel.rendered))),
        h('td', { class: 'number' }, format.moneyShort(channel.spendMicros)))))));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.channels, words) };
}
