import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { chart, tooltip } from '../charts.js';
import { drawnFrom, empty } from '../drawing.js';
import { FLOW_ENDS } from '../figures.js';

/** Named flows beside the drawing. */
const MOST_LISTED = 5;

/** Who went where in the last 24 hours: from the stage left, on the left, to the stage reached. */
export function flowsPanel() {
  const sankey = chart('flows');
  const list = h('ol', { class: 'flow-list' });
  const nothing = h('div', { class: 'panel-nothing' });
  const drawn = h('div', { class: 'flows' }, sankey.node, list);
  const frame = panel('flows', drawn, nothing);
  const draw = drawnFrom((flows, words) => {
    const { t, format } = words;
    frame.title.textContent = t('flows');
    frame.aside.textContent = t('flows.hint');
    drawn.hidden = flows.length === 0;
    nothing.hidden = flows.length > 0;
    nothing.replaceChildren(empty(t('flows.none'), t('start.traffic')));
    if (flows.length === 0) return;
    const sentence = flow => t('flows.one', { from: end(t, flow.from), to: end(t, flow.to), n: format.count(flow.count) });
    sankey.draw(colours => sankeyOption(flows, words, colours), flows.slice(0, MOST_LISTED).map(sentence).join('; '));
    list.replaceChildren(...flows.slice(0, MOST_LISTED).map(flow => h('li', {},
      h('span', { class: 'flow-end', 'data-of': flow.from }, end(t, flow.from)), h('span', { class: 'flow-arrow', 'aria-hidden': 'true' }, '→'),
      h('span', { class: 'flow-end', 'data-of': flow.to }, end(t, flow.to)), h('b', {}, format.short(flow.count)))));
  });
  return { node: frame.node, update: ({ flows }, words) => draw(flows, words) };
}

const end = (t, name) => t(name === 'imported' || name === 'erased' ? `end.${name}` : `aipl.${name}`);

/** Left and right ends are nodes of their own, for people also go back, and a Sankey knows no way back. */
function sankeyOption(flows, { t, format }, colours) {
  const sum = (member, name) => flows.reduce((count, flow) => flow[member] === name ? count + flow.count : count, 0);
  const ends = (member, side) => FLOW_ENDS.filter(name => sum(member, name) > 0).map(name => ({
    name: `${side}${name}`, itemStyle: { color: colours.stage(name), borderWidth: 0 }, depth: side === '<' ? 0 : 1,
    label: { position: side === '<' ? 'right' : 'left', formatter: `{n|${end(t, name)}} {c|${format.short(sum(member, name))}}` },
  }));
  return {
    tooltip: { ...tooltip(colours), trigger: 'item', formatter: ({ dataType, data }) => dataType === 'edge' ? `${end(t, data.from)} → ${end(t, data.to)}\n${format.count(data.value)}` : '' },
    series: [{
      type: 'sankey', left: 0, right: 0, top: 4, bottom: 4, nodeWidth: 8, nodeGap: 20, draggable: false, layoutIterations: 0, emphasis: { focus: 'adjacency' },
      label: { color: colours.ink2, fontSize: 12, rich: { n: { color: colours.ink2, fontSize: 12 }, c: { color: colours.ink, fontSize: 12, fontWeight: 600 } } },
      lineStyle: { color: 'gradient', opacity: 0.28, curveness: 0.5 },
      data: [...ends('from', '<'), ...ends('to', '>')],
      links: flows.map(flow => ({ source: `<${flow.from}`, target: `>${flow.to}`, value: flow.count, from: flow.from, to: flow.to })),
    }],
  };
}
