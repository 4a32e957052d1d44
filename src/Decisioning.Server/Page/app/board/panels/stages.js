import { h } from '../../dom.js';
import { panel } from '../../panel.js';
import { bar, drawnFrom } from '../drawing.js';
import { DEEPLINK, STAGES, movement, share } from '../figures.js';

/** Where the consumers stand: each stage with its share, its movement of 24 hours, how long people stay, and what it is made of. */
export function stagesPanel() {
  const list = h('ol', { class: 'stages' });
  const frame = panel('stages', list);
  const draw = drawnFrom((stages, deeplink, flows, dwell, words) => {
    const { t } = words;
    frame.title.textContent = t('stages');
    frame.aside.textContent = t('stages.hint');
    const most = Math.max(1, ...STAGES.map(stage => stages[stage] ?? 0));
    const all = STAGES.reduce((sum, stage) => sum + (stages[stage] ?? 0), 0);
    list.replaceChildren(...STAGES.map(stage => stageRow(stage, { count: stages[stage] ?? 0, most, all, deeplink, moved: movement(flows, stage), dwell: dwell[stage] }, words)));
  });
  return { node: frame.node, update: ({ pulse, flows }, words) => draw(pulse.stages, pulse.deeplink, flows, pulse.dwell, words) };
}

function stageRow(stage, { count, most, all, deeplink, moved, dwell }, { t, format }) {
  const parts = DEEPLINK[stage] ?? [];
  return h('li', { class: 'stage-row', 'data-stage': stage, 'data-testid': 'stage-count', 'data-value': count },
    h('div', { class: 'stage-row-head' },
      h('strong', { class: 'stage-row-name' }, t(`aipl.${stage}`)),
      h('span', { class: 'stage-row-share' }, format.percent(share(count, all))),
      h('b', { class: 'stage-row-count' }, format.count(count))),
    stageBar(parts, deeplink, count, most),
    h('div', { class: 'stage-row-foot' },
      h('span', { class: 'stage-parts' }, parts.length > 1 ? parts.map(part => h('span', {}, `${t(`deep.${part}`)} ${format.short(deeplink[part] ?? 0)}`)) : t(`stage.note.${stage}`)),
      h('span', { class: 'stage-moved' },
        dwell ? h('span', { title: t('dwell.range', { low: format.duration(dwell.lowerQuartileMs), high: format.duration(dwell.upperQuartileMs), n: format.count(dwell.left) }) }, t('dwell', { d: format.duration(dwell.medianMs) })) : null,
        h('span', { class: 'gain' }, `+${format.short(moved.in)}`), h('span', { class: 'loss' }, `−${format.short(moved.out)}`))));
}

/** The stage's bar, divided by its finer stages. */
function stageBar(parts, deeplink, count, most) {
  if (parts.length < 2) return bar(count / most, { class: 'bar bar-stage' });
  const pieces = parts.map((part, i) => {
    const piece = h('span', { class: 'piece', 'data-depth': i });
    piece.style.flexGrow = String(deeplink[part] ?? 0);
    return piece;
  });
  const whole = h('span', { class: 'pieces' }, pieces);
  whole.style.width = `${count / most * 100}%`;
  return h('span', { class: 'bar bar-stage', 'aria-hidden': 'true' }, whole);
}
