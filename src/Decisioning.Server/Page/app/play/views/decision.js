import { h, replaceKeepingFocus, setText } from '../../dom.js';
import { icon } from '../../icons.js';
import { orWord } from '../../i18n.js';
import { picture } from '../../art/picture.js';
import { titleOf } from '../../format.js';
import { button } from '../../button.js';
import { panel } from '../../panel.js';

const INTERACTIONS = ['impression', 'viewable', 'watched', 'click', 'skip'];

/** The creative that was decided, and what the consumer does with it. */
export function decisionView(session) {
  const ask = button({ testid: 'ask', kind: 'primary', glyph: 'spark', press: () => session.ask() });
  const stage = h('div', { class: 'screen' });
  const facts = h('dl', { class: 'facts' });
  const buttons = INTERACTIONS.map(kind => ({ kind, control: button({ testid: `do-${kind}`, kind: 'plain', glyph: kind, press: () => session.interact(kind) }) }));
  const group = h('div', { class: 'interactions', role: 'group' }, buttons.map(item => item.control.node));
  const frame = panel('decision', stage, group, facts);
  frame.aside.append(ask.node);

  let drawn = {};
  return {
    node: frame.node,
    update(state, { t, format }) {
      const { decision, catalogue, now, started } = state;
      setText(frame.title, t('decision'));
      ask.update({ label: t('ask'), available: Boolean(state.brand) });
      group.setAttribute('aria-label', t('interactions'));
      for (const { kind, control } of buttons) {
        const done = decision?.marks.includes(kind) ?? false;
        control.update({ label: t(`do.${kind}`), done, available: Boolean(decision?.decision) && !done, title: done ? t('done') : null });
      }
      const answer = `${decision?.decision?.decisionId ?? ''}|${decision?.noDecision?.reason ?? ''}`;
      if (drawn.answer !== answer || drawn.t !== t || drawn.catalogue !== catalogue || drawn.started !== started || (decision?.noDecision && drawn.now !== now)) {
        replaceKeepingFocus(stage, [screenOf(state, t, format, session)]);
      }
      drawn = { answer, t, catalogue, now, started };
      facts.replaceChildren(...factsOf(decision?.decision, now, t, format));
    },
  };
}

function screenOf({ decision, catalogue, now, brands, started }, t, format, session) {
  if (decision?.decision) return creativeCard(decision.decision, catalogue, t);
  if (decision?.noDecision) return nothingCard(decision.noDecision, now, t, format, session);
  if (started && brands.length === 0) return h('div', { class: 'screen-empty', 'data-testid': 'no-brands' }, icon('none'), h('span', {}, t('noBrands')));
  return h('div', { class: 'screen-empty', 'data-testid': 'no-creative-yet' }, icon('spark'), h('strong', {}, t('empty.title')), h('span', {}, t('empty.text')));
}

function creativeCard(decision, catalogue, t) {
  const { id, format, landing } = decision.creative ?? {};
  const own = catalogue?.creatives[id] ?? {};
  const kind = format ?? own.format ?? 'native';
  const goal = landing ?? own.landing;
  const length = own.seconds ? t('seconds', { n: own.seconds }) : null;
  return h('article', { class: 'creative', 'data-testid': 'creative', 'data-creative': id, 'data-step': decision.step, 'data-storyline': decision.storyline, 'data-format': kind },
    picture({ id, step: decision.step, landing: goal, label: t('illustration', { id }) }),
    h('div', { class: 'creative-shade' }),
    h('div', { class: 'creative-top' },
      h('span', { class: 'creative-tag' }, [t(`format.${kind}`), length, own.size].filter(Boolean).join(' · ')),
      h('span', { class: 'creative-tag' }, t('ad'))),
    kind === 'video' ? h('div', { class: 'creative-play', 'aria-hidden': 'true' }, icon('watched')) : null,
    h('div', { class: 'creative-foot' },
      h('div', { class: 'creative-words' },
        h('span', { class: 'creative-brand' }, catalogue?.name ?? decision.brand),
        h('strong', { class: 'creative-name' }, titleOf(id)),
        h('span', { class: 'creative-step' }, `${titleOf(decision.storyline)} / ${titleOf(decision.step)}`)),
      goal ? h('span', { class: 'creative-landing', title: goal }, h('span', {}, hostOf(goal)), icon('link')) : null));
}

function nothingCard(noDecision, now, t, format, session) {
  const later = Number.isFinite(noDecision.retryAt) && noDecision.retryAt > now;
  const jump = button({ testid: 'jump-retry', kind: 'plain', glyph: 'pass', press: () => session.advanceTo(noDecision.retryAt) });
  jump.update({ label: t('why.jump') });
  const when = `${format.instant(noDecision.retryAt)} (${t('why.in', { d: format.duration(noDecision.retryAt - now) })})`;
  return h('div', { class: 'screen-empty screen-nothing', 'data-testid': 'no-decision', 'data-reason': noDecision.reason },
    icon('none'), h('strong', {}, t('none.title')),
    h('span', {}, t('none.reason', { reason: orWord(t, 'reason', noDecision.reason), tell: orWord(t, 'tell', noDecision.reason) })),
    h('span', { class: 'screen-retry' }, Number.isFinite(noDecision.retryAt) ? t('none.retry', { when: later ? when : format.instant(noDecision.retryAt) }) : t('none.never')),
    later ? jump.node : null);
}

function factsOf(decision, now, t, format) {
  const rows = decision
    ? [['campaign', decision.campaign], ['propensity', format.percent(decision.propensity)], ['score', format.score(decision.score)], ['held', decision.expiresAt <= now ? t('held.over') : format.time(decision.expiresAt)]]
    : [['campaign', '–'], ['propensity', '–'], ['score', '–'], ['held', '–']];
  return rows.map(([name, value]) => h('div', { class: 'fact' }, h('dt', {}, t(name)), h('dd', { title: value }, value)));
}

/** Where a click leads: host and path, or for a page of this server its last word. */
function hostOf(address) {
  if (!URL.canParse(address)) return address;
  const { origin, host, pathname } = new URL(address);
  const path = pathname.replace(/\/$/, '');
  return origin === location.origin ? path.slice(path.lastIndexOf('/')) : host + path;
}
