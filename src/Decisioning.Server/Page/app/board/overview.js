import { h, setAttribute, setText } from '../dom.js';
import { icon } from '../icons.js';
import { brandAddress, playAddress } from '../route.js';
import { alertsOf } from './alerts.js';
import { alertText } from './alerttext.js';
import { drawnFrom, empty, strip } from './drawing.js';
import { LINKED, STAGES, flowTotals, netOfLink, perSecond } from './figures.js';

/** Brands of whom the overview is kept live at once. */
const MOST_WATCHED = 50;

/** All brands at a glance. */
export function overviewView(board) {
  const title = h('h1', { class: 'view-title' });
  const hint = h('p', { class: 'quiet' });
  const cards = h('div', { class: 'cards' });
  const node = h('main', { class: 'board overview', tabindex: -1 }, h('header', { class: 'view-head' }, h('div', {}, title, hint)), cards);
  const held = new Map();
  let watched = [];
  let shown = false;

  function watch(brands) {
    const wanted = shown ? brands.slice(0, MOST_WATCHED).map(brand => brand.id) : [];
    for (const id of watched) if (!wanted.includes(id)) board.unwatchBrand(id);
    for (const id of wanted) if (!watched.includes(id)) board.watchBrand(id);
    watched = wanted;
  }

  const drawCards = drawnFrom((brands, t) => {
    if (brands === null) cards.replaceChildren(...[0, 1].map(() => h('div', { class: 'card card-waiting', 'aria-hidden': 'true' })));
    else if (brands.length === 0) cards.replaceChildren(h('div', { class: 'panel', 'data-testid': 'no-brands' }, empty(t('noBrands'), t('noBrands.how'))));
    else {
      for (const brand of brands) if (!held.has(brand.id)) held.set(brand.id, brandCard(brand));
      cards.replaceChildren(...brands.map(brand => held.get(brand.id).node));
    }
  });

  return {
    node,
    show() { shown = true; },
    hide() { shown = false; watch([]); },
    update(state, shell) {
      const { t } = shell;
      setText(title, t('overview'));
      setText(hint, state.brands?.length > 0 ? t('overview.hint', { n: state.brands.length }) : t('overview.empty'));
      drawCards(state.brands, t);
      watch(state.brands ?? []);
      for (const brand of state.brands ?? []) {
        held.get(brand.id)?.update({ pulse: state.pulses[brand.id], refused: state.refused[`Brand:${brand.id}`], now: board.now(), words: shell.brandWords(brand.id) });
      }
    },
  };
}

function brandCard({ id, name }) {
  const link = h('a', { class: 'card-name', href: brandAddress(id) }, name ?? id);
  const state = h('span', { class: 'card-alerts' });
  const count = h('strong', { class: 'card-link', 'data-testid': 'card-link' });
  const net = h('span', { class: 'card-net' });
  const bars = h('div', { class: 'card-bars' });
  const legend = h('ol', { class: 'card-stages' });
  const spend = h('dd', { class: 'card-figure' });
  const decisions = h('dd', { class: 'card-figure' });
  const last = h('dd', { class: 'card-figure' });
  const names = [h('dt', {}), h('dt', {}), h('dt', {})];
  const graph = h('div', { class: 'card-strip' });
  const linkName = h('span', { class: 'quiet' });
  const play = h('a', { class: 'card-play', href: playAddress(id) });
  const node = h('article', { class: 'card', 'data-testid': 'brand-card', 'data-brand': id },
    h('header', { class: 'card-head' }, h('h2', {}, link), state),
    h('div', { class: 'card-main' }, h('div', { class: 'card-total' }, linkName, count, net), bars, legend),
    h('dl', { class: 'card-facts' }, [spend, decisions, last].map((value, i) => h('div', {}, names[i], value))),
    h('footer', { class: 'card-foot' }, graph, play));

  const drawShape = drawnFrom((stages, words) => {
    const all = LINKED.reduce((sum, stage) => sum + (stages?.[stage] ?? 0), 0);
    bars.replaceChildren(...LINKED.map(stage => {
      const piece = h('span', { class: 'card-bar', 'data-stage': stage });
      piece.style.flexGrow = String(all > 0 ? (stages[stage] ?? 0) / all : 0);
      return piece;
    }));
    legend.replaceChildren(...STAGES.filter(stage => stage !== 'none').map(stage => h('li', { 'data-stage': stage },
      h('span', {}, words.t(`aipl.${stage}`)), h('b', {}, words.format.short(stages?.[stage] ?? NaN)))));
  });
  const drawStrip = drawnFrom(counts => graph.replaceChildren(strip(counts ?? Array(60).fill(0), 24)));
  const drawState = drawnFrom((level, text, words) => {
    const [glyph, key] = { good: ['check', 'alerts.none'], quiet: ['clock', 'alerts.quiet'] }[level] ?? ['alert', 'alerts.count'];
    state.replaceChildren(...(level ? [h('span', { class: 'pill', 'data-level': level, title: text || null }, icon(glyph), words.t(key, { n: text.split('\n').length }))] : []));
  });

  return {
    node,
    update({ pulse, refused, now, words }) {
      const { t, format } = words;
      setText(link, words.catalogue?.name ?? name ?? id);
      setText(linkName, t('tile.link'));
      setText(count, pulse ? format.count(pulse.link) : '–');
      setAttribute(count, 'data-value', pulse?.link ?? null);
      setText(net, refused ?? (pulse ? t('tile.link.note', { n: format.signed(netOfLink(flowTotals(pulse.flows))) }) : t('waiting')));
      ['tile.spend', 'tile.decisions', 'card.last'].forEach((key, i) => setText(names[i], t(key)));
      setText(spend, pulse ? format.moneyShort(pulse.spend.todayMicros) : '–');
      setText(decisions, pulse ? format.decimal(perSecond(pulse.activity.decisionsPerSecond)) : '–');
      setText(last, pulse ? lastText(pulse.activity.lastEventAt, now, words) : '–');
      setText(play, t('card.play'));
      drawShape(pulse?.stages, words);
      drawStrip(pulse?.activity.eventsPerSecond);
      const alerts = pulse ? alertsOf(pulse, now, words.catalogue) : [];
      drawState(pulse && (alerts[0]?.level ?? (pulse.activity.lastEventAt ? 'good' : 'quiet')), alerts.map(alert => alertText(alert, words)).join('\n'), words);
    },
  };
}

function lastText(text, now, { t, format }) {
  const at = Date.parse(text ?? '');
  if (!Number.isFinite(at)) return t('card.never');
  return now - at < 3_000 ? t('justNow') : t('ago', { d: format.duration(now - at) });
}
