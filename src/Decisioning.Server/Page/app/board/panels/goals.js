import { h } from '../../dom.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';
import { bar, drawnFrom, empty } from '../drawing.js';

const DAY_MS = 86_400_000;

/** How far each campaign is from what it was set to reach, and how long it has. */
export function goalsPanel() {
  const body = h('div', { class: 'goals' });
  const frame = panel('goals', body);
  const draw = drawnFrom((campaigns, today, words) => {
    frame.title.textContent = words.t('goals');
    const aimed = campaigns.filter(campaign => campaign.goal?.stages.length > 0);
    body.replaceChildren(...(aimed.length > 0 ? aimed.map(campaign => goalOf(campaign, today, words)) : [empty(words.t('goals.none'), words.t('goals.how'))]));
  });
  return { node: frame.node, update: ({ pulse, now }, words) => draw(pulse.campaigns, Math.floor(now / DAY_MS), words) };
}

function goalOf({ id, goal }, today, { t, format }) {
  const days = goal.date ? Date.parse(goal.date) / DAY_MS - today : NaN;
  return h('article', { class: 'goal' },
    h('header', { class: 'goal-head' },
      h('strong', {}, titleOf(id)),
      h('span', { class: 'quiet' }, goal.date ? t(days >= 0 ? 'goal.by' : 'goal.over', { date: format.date(Date.parse(goal.date)), n: format.count(Math.abs(days)) }) : '')),
    goal.stages.map(({ stage, wanted, reached }) => h('div', { class: 'goal-stage', 'data-of': stage },
      h('div', { class: 'goal-line' },
        h('span', { class: 'goal-name' }, t(`aipl.${stage}`)),
        h('span', {}, h('b', {}, format.short(reached)), h('span', { class: 'quiet' }, ` / ${format.short(wanted)}`))),
      bar(reached / wanted, { class: 'bar bar-goal' }),
      h('div', { class: 'goal-line quiet' },
        h('span', {}, format.rate(reached / wanted)),
        h('span', { 'data-testid': 'goal-gap', 'data-value': Math.max(0, wanted - reached) },
          reached >= wanted ? t('goal.met') : t('goal.gap', { n: format.count(wanted - reached) }), days > 0 && reached < wanted ? ` · ${t('goal.perDay', { n: format.short((wanted - reached) / days) })}` : '')))));
}
