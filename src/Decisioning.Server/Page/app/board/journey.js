import { h, setText } from '../dom.js';
import { icon } from '../icons.js';
import { orWord } from '../i18n.js';
import { instantOf, titleOf } from '../format.js';
import { readRelation } from '../consumer.js';
import { panel } from '../panel.js';
import { brandAddress } from '../route.js';
import { bar, drawnFrom, empty } from './drawing.js';
import { STAGES } from './figures.js';

const MOST_SHOWN = 32;

/** One consumer's journey with the brand, live: stages over time, what was shown, what was decided and why. */
export function journeyView(board) {
  const label = h('span', { class: 'field-name' });
  const input = h('input', { class: 'input', type: 'search', autocomplete: 'off', spellcheck: 'false', required: true, maxlength: 128, 'data-testid': 'consumer-search' });
  const submit = h('button', { type: 'submit', class: 'button button-primary', 'data-testid': 'consumer-open' });
  const form = h('form', { class: 'consumer-form', on: { submit: event => { event.preventDefault(); location.hash = brandAddress(route.brand, 'consumers', input.value.trim()); } } },
    h('label', { class: 'field' }, label, input), submit);
  const result = h('div', { class: 'consumer' });
  const node = h('div', { class: 'consumers' }, h('section', { class: 'panel' }, form), result);
  let route = null;

  const draw = drawnFrom((found, brand, consumer, words) => {
    const { t } = words;
    if (!consumer) result.replaceChildren(h('section', { class: 'panel' }, empty(t('consumer.none'), t('consumer.how'))));
    else if (!found) result.replaceChildren(h('section', { class: 'panel' }, empty(t('waiting'))));
    else if (found.error) result.replaceChildren(h('section', { class: 'panel', 'data-testid': 'consumer-missing' }, empty(found.error.status === 404 ? t('consumer.unknown', { id: consumer }) : found.error.message, found.error.status === 404 ? t('consumer.unknown.how') : null)));
    else result.replaceChildren(...partsOf(found.consumer, brand, board.now(), words));
  });

  function leave() {
    if (route?.consumer) board.unwatchConsumer(route.consumer);
    route = null;
  }

  return {
    node,
    show(next) {
      leave();
      route = next;
      input.value = route.consumer ?? '';
      if (route.consumer) board.watchConsumer(route.consumer);
    },
    hide: leave,
    update(state, brand, words) {
      setText(label, words.t('consumer.id'));
      setText(submit, words.t('consumer.open'));
      draw(state.consumers[route?.consumer], brand, route?.consumer, words);
    },
  };
}

function partsOf(consumer, brand, now, words) {
  const raw = consumer.brands?.[brand];
  const { t } = words;
  if (!raw) return [h('section', { class: 'panel' }, empty(t('consumer.stranger', { id: consumer.id }), t('consumer.stranger.how')))];
  const relation = readRelation(consumer, brand);
  return [
    headOf(consumer.id, relation, words),
    section(t('consumer.stages'), timelineOf(relation, now, words)),
    section(t('consumer.decisions'), decisionsOf(raw.decisions ?? [], words)),
    section(t('consumer.exposures'), exposuresOf(relation.exposures, words)),
    section(t('consumer.orders'), ordersOf(relation.orders, words)),
  ];
}

function section(title, body) {
  const frame = panel('consumer', body);
  setText(frame.title, title);
  return frame.node;
}

function headOf(id, relation, { t, format }) {
  return h('section', { class: 'panel consumer-head', 'data-testid': 'consumer', 'data-stage': relation.stage },
    h('div', {}, h('span', { class: 'quiet' }, t('consumer')), h('h2', { class: 'consumer-name' }, id)),
    h('div', {}, h('span', { class: 'quiet' }, t('stage')), h('strong', { class: 'consumer-stage' }, t(`aipl.${relation.stage}`)), h('span', { class: 'quiet' }, t(`deep.${relation.deeplinkStage}`))),
    h('div', { class: 'consumer-intent' }, h('span', { class: 'quiet' }, t('intent')), h('strong', {}, format.intent(relation.intent)), bar(relation.intent / 100, { class: 'bar bar-ink' })),
    h('div', { class: 'consumer-chips' }, Object.entries(relation.behaviours).map(([name, { count, lastAt }]) => h('span', { class: 'chip', title: format.stamp(instantOf(lastAt)) }, orWord(t, 'cause', name), h('b', {}, count)))));
}

/** Stages as spans over time, from the first change to now. */
function timelineOf({ stageHistory, stage }, now, { t, format }) {
  const changes = [...stageHistory].sort((a, b) => a.at - b.at);
  if (changes.length === 0) return empty(t('consumer.noChange'), t(`mean.${stage}`) === `mean.${stage}` ? null : t(`mean.${stage}`));
  const from = changes[0].at - Math.max(60_000, (now - changes[0].at) * 0.04);
  const spans = [{ at: from, stage: changes[0].from }, ...changes.map(change => ({ at: change.at, stage: change.to }))]
    .map((span, i, all) => ({ ...span, until: all[i + 1]?.at ?? now }));
  const part = at => (at - from) / Math.max(1, now - from) * 100;
  const rows = [...STAGES].reverse().map(name => h('div', { class: 'span-row', 'data-of': name },
    h('span', { class: 'span-name' }, t(`aipl.${name}`)),
    h('span', { class: 'span-track' }, spans.filter(span => aiplOf(span.stage) === name).map(span => {
      const piece = h('span', { class: 'span', title: `${t(`deep.${span.stage}`)} · ${format.stamp(span.at)} – ${format.stamp(span.until)} (${format.duration(span.until - span.at)})` });
      piece.style.insetInlineStart = `${part(span.at)}%`;
      piece.style.width = `${Math.max(0.4, part(span.until) - part(span.at))}%`;
      return piece;
    }))));
  return h('div', { class: 'spans' }, rows, h('div', { class: 'span-foot quiet' }, h('span', {}, format.stamp(from)), h('span', {}, format.stamp(now))),
    h('ol', { class: 'changes' }, changes.slice(-MOST_SHOWN).reverse().map(change => h('li', {},
      h('time', { class: 'quiet' }, format.stamp(change.at)), h('span', {}, h('span', { class: 'flow-end', 'data-of': aiplOf(change.from) }, nameOf(t, change.from)), ' → ', h('span', { class: 'flow-end', 'data-of': aiplOf(change.to) }, nameOf(t, change.to)))))));
}

const AIPL = { discover: 'awareness', engage: 'awareness', enthuse: 'interest', perform: 'interest', initial: 'purchase', numerous: 'loyalty', keen: 'loyalty' };
const aiplOf = name => AIPL[name] ?? name;
const nameOf = (t, name) => AIPL[name] ? t(`deep.${name}`) : t(`aipl.${name}`);

function decisionsOf(decisions, { t, format }) {
  if (decisions.length === 0) return empty(t('consumer.noDecision'));
  return h('div', { class: 'table-frame' }, h('table', { class: 'table', 'data-testid': 'consumer-decisions' },
    h('thead', {}, h('tr', {}, ['time.at', 'consumer.answer', 'step', 'propensity', 'score'].map((key, i) => h('th', { scope: 'col', class: i > 2 ? 'number' : null }, t(key))))),
    h('tbody', {}, byTime(decisions).map(decision => h('tr', {},
      h('td', { class: 'quiet' }, format.stamp(instantOf(decision.at))),
      h('td', {}, decision.creative ? h('strong', {}, titleOf(decision.creative)) : h('span', { class: 'refusal', title: t(`tell.${decision.reason}`) }, orWord(t, 'reason', decision.reason)),
        decision.ghost ? h('span', { class: 'badge' }, t('consumer.ghost')) : null),
      h('td', {}, decision.step ? [titleOf(decision.campaign), ' · ', titleOf(decision.step)] : '–'),
      h('td', { class: 'number' }, format.percent(decision.propensity ?? NaN)),
      h('td', { class: 'number' }, format.score(decision.score ?? NaN)))))));
}

const byTime = entries => [...entries].sort((a, b) => instantOf(b.at) - instantOf(a.at)).slice(0, MOST_SHOWN);

function exposuresOf(exposures, { t, format }) {
  if (exposures.length === 0) return empty(t('consumer.noExposure'));
  return h('div', { class: 'table-frame' }, h('table', { class: 'table' },
    h('thead', {}, h('tr', {}, ['time.at', 'creative', 'step', 'consumer.marks'].map(key => h('th', { scope: 'col' }, t(key))))),
    h('tbody', {}, byTime(exposures).map(exposure => h('tr', {},
      h('td', { class: 'quiet' }, format.stamp(exposure.at)),
      h('td', {}, h('strong', {}, titleOf(exposure.creative))),
      h('td', {}, `${titleOf(exposure.campaign)} · ${titleOf(exposure.step)}`),
      h('td', {}, h('span', { class: 'marks' }, exposure.interactions.map(kind => h('span', { class: 'mark-chip', title: orWord(t, 'do', kind) }, icon(kind), orWord(t, 'do', kind))), exposure.late ? h('span', { class: 'badge' }, t('consumer.late')) : null)))))));
}

function ordersOf(orders, { t, format }) {
  if (orders.length === 0) return empty(t('consumer.noOrder'));
  return h('ul', { class: 'orders' }, byTime(orders).map(order => h('li', {},
    h('time', { class: 'quiet' }, format.stamp(order.at)), h('code', {}, order.id), order.refunded ? h('span', { class: 'badge' }, t('cause.refund')) : null, h('b', {}, format.money(order.value)))));
}
