import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { chart, tooltip } from '../charts.js';
import { drawnFrom, empty } from '../drawing.js';

const WIDTH = 10;

/** Consumers by how close they are to buying. */
export function intentPanel() {
  const histogram = chart('intent');
  const nothing = h('div', { class: 'panel-nothing' });
  const frame = panel('intent-spread', histogram.node, nothing);
  const draw = drawnFrom((intent, words) => {
    const { t, format } = words;
    const all = intent.buckets.reduce((sum, count) => sum + count, 0);
    frame.title.textContent = t('intent.spread');
    frame.aside.textContent = intent.asOf ? t('asOf', { at: format.clock(Date.parse(intent.asOf)) }) : '';
    histogram.node.hidden = all === 0;
    nothing.hidden = all > 0;
    nothing.replaceChildren(empty(t('intent.none'), t('intent.how')));
    if (all > 0) histogram.draw(colours => histogramOption(intent.buckets, words, colours), intent.buckets.map((count, i) => `${rangeOf(i)}: ${format.count(count)}`).join(', '));
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.intent, words) };
}

const rangeOf = i => `${i * WIDTH}–${(i + 1) * WIDTH}`;

function histogramOption(buckets, { t, format }, colours) {
  return {
    grid: { left: 4, right: 4, top: 24, bottom: 22, containLabel: false },
    tooltip: { ...tooltip(colours), trigger: 'item', formatter: ({ dataIndex, value }) => `${t('intent')} ${rangeOf(dataIndex)}\n${t('people', { n: format.count(value) })}` },
    xAxis: { type: 'category', data: buckets.map((_, i) => String(i * WIDTH)), axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.ink3, fontSize: 11, interval: 0 } },
    yAxis: { type: 'value', show: false },
    series: [{
      type: 'bar', data: buckets, barCategoryGap: '14%', itemStyle: { color: colours.stage('interest'), borderRadius: [3, 3, 0, 0] },
      label: { show: true, position: 'top', color: colours.ink2, fontSize: 11, formatter: ({ value }) => value > 0 ? format.short(value) : '' },
    }],
  };
}
