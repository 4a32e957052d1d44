import { h, setAttribute, setText } from '../../dom.js';
import { isPaced } from '../alerts.js';
import { drawnFrom, strip } from '../drawing.js';
import { netOfLink, perSecond, share, total } from '../figures.js';

const TILES = ['link', 'decisions', 'events', 'render', 'click', 'spend'];

/** The six figures that stand above all others, two of them with their last minute. */
export function activityPanel() {
  const tiles = Object.fromEntries(TILES.map(name => [name, tile(name)]));
  const node = h('section', { class: 'tiles' }, TILES.map(name => tiles[name].node));
  const drawStrips = drawnFrom(activity => {
    tiles.events.graph.replaceChildren(strip(activity.eventsPerSecond));
    tiles.decisions.graph.replaceChildren(strip(activity.decisionsPerSecond));
  });

  return {
    node,
    update({ pulse, flows }, { t, format, catalogue }) {
      setAttribute(node, 'aria-label', t('tiles'));
      const { activity, campaigns, spend, link } = pulse;
      const won = total(campaigns, 'won');
      const rendered = total(campaigns, 'rendered');
      const clicks = total(campaigns, 'clicks');
      const planned = total(campaigns.filter(campaign => isPaced(campaign, catalogue)), 'plannedMicros');
      const net = netOfLink(flows);
      tiles.link.show(t('tile.link'), format.count(link), t('tile.link.note', { n: format.signed(net) }), link);
      tiles.decisions.show(t('tile.decisions'), format.decimal(perSecond(activity.decisionsPerSecond)), t('tile.inAll', { n: format.short(activity.decisions) }), activity.decisions);
      tiles.events.show(t('tile.events'), format.decimal(perSecond(activity.eventsPerSecond)), t('tile.inAll', { n: format.short(activity.events) }), activity.events);
      tiles.render.show(t('tile.render'), format.rate(share(rendered, won)), t('tile.render.note', { rendered: format.short(rendered), won: format.short(won) }), rendered);
      tiles.click.show(t('tile.click'), format.rate(share(clicks, rendered)), t('tile.click.note', { clicks: format.short(clicks), rendered: format.short(rendered) }), clicks);
      tiles.spend.show(t('tile.spend'), format.moneyShort(spend.todayMicros), planned > 0 ? t('tile.spend.plan', { plan: format.moneyShort(planned) }) : t('tile.spend.none'), spend.todayMicros);
      drawStrips(activity);
    },
  };
}

function tile(name) {
  const title = h('h2', { class: 'tile-name' });
  const value = h('strong', { class: 'tile-value' });
  const note = h('span', { class: 'tile-note' });
  const graph = h('div', { class: 'tile-graph' });
  const node = h('div', { class: `tile tile-${name}`, 'data-testid': `tile-${name}` }, title, value, note, graph);
  return {
    node,
    graph,
    show(titleText, valueText, noteText, raw) {
      setText(title, titleText);
      setText(value, valueText);
      setText(note, noteText);
      setAttribute(node, 'data-value', raw);
    },
  };
}
