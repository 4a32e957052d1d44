import { h, setText } from '../dom.js';
import { icon } from '../icons.js';
import { panel } from '../panel.js';
import { chart, tooltip } from './charts.js';
import { choice, drawnFrom, empty } from './drawing.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What may be looked at, as the server names it; money in micros, credits and conversions in millionths. */
const METRICS = [
  ...['awareness', 'interest', 'purchase', 'loyalty'].map(stage => ({ name: `stage.${stage}`, of: 'people' })),
  ...['won', 'rendered', 'viewable', 'clicks', 'events', 'exposed'].map(name => ({ name, of: 'count' })),
  ...['spend', 'revenue'].map(name => ({ name, of: 'money' })),
  ...['conversions', 'credits', 'organic'].map(name => ({ name, of: 'millionths' })),
];
const RANGES = { '24h': { span: DAY_MS, by: 'hour' }, '7d': { span: 7 * DAY_MS, by: 'hour' }, '28d': { span: 28 * DAY_MS, by: 'day' }, '365d': { span: 365 * DAY_MS, by: 'day' } };
const AGAINST = { none: 0, yesterday: DAY_MS, year: 364 * DAY_MS };

/** One metric over time, beside the same of yesterday or of a year ago (364 days: the same days of the week). */
export function historyView(board) {
  const wanted = { metric: 'won', range: '24h', against: 'yesterday' };
  const metric = h('select', { class: 'select', 'data-testid': 'history-metric', on: { change: () => want({ metric: metric.value }) } });
  const metricName = h('span', { class: 'field-name' });
  const ranges = choice('range', Object.keys(RANGES), range => want({ range }));
  const against = choice('against', Object.keys(AGAINST), chosen => want({ against: chosen }));
  const csv = h('button', { type: 'button', class: 'button button-plain', 'data-testid': 'history-csv', on: { click: () => board.historyCsv(brand, series()) } });
  const lines = chart('history');
  const message = h('div', { class: 'panel-nothing' });
  const sum = h('div', { class: 'history-sum', 'data-testid': 'history-sum' });
  const frame = panel('history', h('div', { class: 'history-tools' },
    h('label', { class: 'field' }, metricName, h('span', { class: 'select-frame' }, metric, icon('chevron'))), ranges.node, against.node), sum, h('div', { class: 'history-chart' }, lines.node, message));
  frame.aside.append(csv);
  let brand = null;
  let words = null;
  let found = null;
  let asked = 0;

  const series = (shift = 0) => {
    const { span, by } = RANGES[wanted.range];
    const size = by === 'hour' ? HOUR_MS : DAY_MS;
    const to = Math.ceil(board.now() / size) * size - shift;
    return { metric: wanted.metric, from: to - span, to, by };
  };

  function want(change) {
    Object.assign(wanted, change);
    load();
    if (words) draw(found, words);
  }

  async function load() {
    const turn = ++asked;
    const shift = AGAINST[wanted.against];
    const of = METRICS.find(item => item.name === wanted.metric).of;
    let answer;
    try {
      const [now, before] = await Promise.all([board.history(brand, series()), shift > 0 ? board.history(brand, series(shift)) : []]);
      answer = { of, ...wanted, shift, now, before };
    } catch (error) {
      answer = { error };
    }
    if (turn !== asked) return;
    found = answer;
    if (words) draw(found, words);
  }

  const draw = (answer, { t, format }) => {
    setText(frame.title, t('tab.history'));
    setText(metricName, t('history.metric'));
    csv.replaceChildren(icon('download'), t('history.csv'));
    metric.replaceChildren(...METRICS.map(({ name }) => h('option', { value: name, selected: name === wanted.metric }, metricText(t, name))));
    ranges.update(wanted.range, name => t(`range.${name}`));
    against.update(wanted.against, name => t(`against.${name}`));
    const none = answer?.now && [...answer.now, ...answer.before].every(point => !point.value);
    const said = !answer ? [t('waiting')] : answer.error ? [t('history.failed'), answer.error.message] : none ? [t('history.none'), t('start.traffic')] : null;
    lines.node.hidden = said !== null;
    message.hidden = said === null;
    message.replaceChildren(...(said ? [empty(...said)] : []));
    sum.replaceChildren(...(said ? [] : sumOf(answer, t, format)));
    if (!said) lines.draw(colours => lineOption(answer, { t, format }, colours), `${metricText(t, answer.metric)}: ${answer.now.map(point => valueText(answer.of, point.value, format)).join(', ')}`);
  };
  const redraw = drawnFrom(nextWords => draw(found, nextWords));

  return {
    node: frame.node,
    show(route) {
      brand = route.brand;
      found = null;
      load();
    },
    update(state, _, nextWords) {
      words = nextWords;
      redraw(nextWords);
    },
  };
}

const metricText = (t, name) => name.startsWith('stage.') ? t('history.stage', { stage: t(`aipl.${name.slice(6)}`) }) : t(`metric.${name}`);

const scaled = (of, value) => of === 'millionths' ? value / 1_000_000 : value;

function valueText(of, value, format) {
  if (of === 'money') return format.money(value);
  return of === 'millionths' ? format.decimal(scaled(of, value)) : format.count(value);
}

/** A level's last value, a flow's sum, and how it stands to that of before. */
function sumOf({ of, against, now, before }, t, format) {
  const whole = points => of === 'people' ? points.at(-1)?.value ?? 0 : points.reduce((sum, point) => sum + point.value, 0);
  const change = whole(before) > 0 ? whole(now) / whole(before) - 1 : NaN;
  return [
    h('strong', {}, valueText(of, whole(now), format)),
    h('span', { class: 'quiet' }, t(of === 'people' ? 'history.last' : 'history.sum')),
    before.length > 0 ? h('span', { class: 'pill', 'data-level': change < 0 ? 'warn' : 'good' }, Number.isFinite(change) ? `${change >= 0 ? '+' : '−'}${format.percent(Math.abs(change))}` : '–') : null,
    before.length > 0 ? h('span', { class: 'quiet' }, `${t(`against.${against}.than`)} ${valueText(of, whole(before), format)}`) : null,
  ].filter(Boolean);
}

function lineOption({ of, range, against, shift, now, before }, { t, format }, colours) {
  const label = at => range === '24h' ? format.time(at) : range === '7d' ? format.instant(at) : format.date(at);
  const at = new Map(before.map(point => [point.at + shift, point.value]));
  const short = value => of === 'money' ? format.moneyShort(value) : format.short(scaled(of, value));
  const line = (name, data, more) => ({ name, type: 'line', data, showSymbol: false, smooth: 0.15, connectNulls: true, ...more });
  return {
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 4, icon: 'roundRect', itemWidth: 14, itemHeight: 3, textStyle: { color: colours.ink2, fontSize: 12 } },
    tooltip: { ...tooltip(colours), trigger: 'axis', formatter: points => [label(now[points[0].dataIndex].at), ...points.map(point => `${point.seriesName}  ${point.value === null ? '–' : valueText(of, point.value, format)}`)].join('\n') },
    xAxis: { type: 'category', boundaryGap: false, data: now.map(point => label(point.at)), axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.ink3, fontSize: 11, hideOverlap: true } },
    yAxis: { type: 'value', axisLabel: { color: colours.ink3, fontSize: 11, formatter: short }, splitLine: { lineStyle: { color: colours.line } }, splitNumber: 4 },
    series: [
      line(t('history.now'), now.map(point => point.value), { lineStyle: { color: colours.stage('awareness'), width: 2 }, itemStyle: { color: colours.stage('awareness') }, areaStyle: { color: colours.stage('awareness'), opacity: 0.08 } }),
      ...(shift > 0 ? [line(t(`against.${against}`), now.map(point => at.get(point.at) ?? null), { lineStyle: { color: colours.ink3, width: 1.5, type: 'dashed' }, itemStyle: { color: colours.ink3 } })] : []),
    ],
  };
}
