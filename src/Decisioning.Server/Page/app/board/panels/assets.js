import { h } from '../../dom.js';
import { orWord } from '../../i18n.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';
import { bar, choice, drawnFrom, empty } from '../drawing.js';
import { share } from '../figures.js';

const CUTS = ['byCause', 'byChannel', 'byCreative'];
const MOST_LINES = 8;
const MOST_PARTS = 8;

/** Consumer assets: what the relationships are worth, by stage; what moved that worth, cut three ways; the newest lines of the ledger. */
export function assetsPanel() {
  let cut = CUTS[0];
  let again = () => {};
  const value = h('strong', { class: 'assets-value', 'data-testid': 'assets' });
  const note = h('span', { class: 'quiet' });
  const stages = h('ol', { class: 'assets-stages' });
  const cuts = choice('cut', CUTS, chosen => { cut = chosen; again(); });
  const parts = h('ul', { class: 'deltas' });
  const lines = h('ol', { class: 'ledger' });
  const partsTitle = h('h3', {});
  const linesTitle = h('h3', {});
  const frame = panel('assets', h('div', { class: 'assets' },
    h('div', { class: 'assets-whole' }, value, note, stages),
    h('div', { class: 'assets-cut' }, h('header', { class: 'sub-head' }, partsTitle, cuts.node), parts),
    h('div', { class: 'assets-lines' }, h('header', { class: 'sub-head' }, linesTitle), lines)));

  function drawCut(assets, words) {
    const { t } = words;
    cuts.update(cut, name => t(`assets.${name}`));
    parts.replaceChildren(...partsOf(assets[cut], cut, words));
  }

  const draw = drawnFrom((assets, words) => {
    const { t, format } = words;
    again = () => drawCut(assets, words);
    frame.title.textContent = t('assets');
    frame.aside.textContent = assets.accountingDay ? t('assets.day', { day: format.date(Date.parse(assets.accountingDay)) }) : t('assets.unvalued');
    value.textContent = assets.accountingDay ? format.decimal(assets.value) : '–';
    value.dataset.value = assets.value;
    note.textContent = assets.industryIndex === null ? t('assets.unit') : t('assets.industry', { n: format.decimal(assets.industryIndex) });
    partsTitle.textContent = t('assets.moved');
    linesTitle.textContent = t('assets.lines');
    stages.replaceChildren(...assets.stages.map(stage => h('li', { class: 'asset', 'data-of': stage.stage },
      h('span', { class: 'asset-name' }, t(`aipl.${stage.stage}`)),
      bar(share(stage.value, assets.value), { class: 'bar bar-of' }),
      h('b', {}, assets.accountingDay ? format.decimal(stage.value) : '–'),
      h('span', { class: 'quiet' }, `${format.short(stage.consumers)} × ${assets.accountingDay ? format.score(stage.unit) : '–'}`))));
    lines.replaceChildren(...(assets.lines.length > 0 ? assets.lines.slice(0, MOST_LINES).map(line => lineOf(line, words)) : [empty(t('assets.none'), t('start.traffic'))]));
    drawCut(assets, words);
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.assets, words) };
}

/** The parts of one cut as bars left and right of nothing. */
function partsOf(entries, cut, { t, format }) {
  const parts = [...entries].sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta)).slice(0, MOST_PARTS);
  const most = Math.max(1e-9, ...parts.map(part => Math.abs(part.delta)));
  if (parts.length === 0) return [empty(t('assets.none'))];
  return parts.map(part => {
    const fill = h('span', { class: 'delta-fill', 'data-sign': part.delta < 0 ? 'loss' : 'gain' });
    fill.style.width = `${Math.abs(part.delta) / most * 50}%`;
    return h('li', { class: 'delta' },
      h('span', { class: 'delta-name' }, nameOf(part.name, cut, t)), h('span', { class: 'delta-bar', 'aria-hidden': 'true' }, fill), h('b', {}, format.signed(part.delta)));
  });
}

function nameOf(name, cut, t) {
  if (!name) return t('assets.unnamed');
  return cut === 'byCause' ? orWord(t, 'cause', name) : cut === 'byCreative' ? titleOf(name) : name;
}

const endOf = (t, name) => t(name === 'imported' || name === 'erased' ? `end.${name}` : `aipl.${name}`);

const lineOf = (line, { t, format }) => h('li', { class: 'ledger-line' },
  h('time', {}, format.clock(Date.parse(line.at))),
  h('span', { class: 'ledger-words' },
    h('span', {}, [orWord(t, 'cause', line.cause), line.creative ? titleOf(line.creative) : null, line.channel].filter(Boolean).join(' · ')),
    line.from === line.to ? null : h('span', { class: 'ledger-move' }, h('span', { 'data-of': line.from, class: 'flow-end' }, endOf(t, line.from)), ' → ', h('span', { 'data-of': line.to, class: 'flow-end' }, endOf(t, line.to)))),
  h('b', { 'data-sign': line.delta < 0 ? 'loss' : 'gain' }, format.signed(line.delta)));
