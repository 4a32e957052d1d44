import { h, replaceKeepingFocus } from '../../dom.js';
import { titleOf } from '../../format.js';
import { panel } from '../../panel.js';
import { isPaced } from '../alerts.js';
import { bar, drawnFrom, empty } from '../drawing.js';
import { funnelOf, incrementOf, share } from '../figures.js';
import { pauseButton } from './pause.js';

/** Each campaign's way from request to conversion, and its money: spent, planned until now, allowed. */
export function campaignsPanel(board) {
  const body = h('div', { class: 'campaigns' });
  const frame = panel('campaigns', body);
  const draw = drawnFrom((campaigns, brand, words) => {
    frame.title.textContent = words.t('campaigns');
    frame.aside.textContent = words.t('campaigns.hint');
    const cards = campaigns.map(campaign => campaignOf(campaign, brand, board, words));
    replaceKeepingFocus(body, cards.length > 0 ? cards : [empty(words.t('campaigns.none'), words.t('campaigns.how'))]);
  });
  return { node: frame.node, update: ({ pulse }, words) => draw(pulse.campaigns, pulse.brand, words) };
}

function campaignOf(campaign, brand, board, words) {
  const { t, format } = words;
  const status = campaign.paused ? 'paused' : campaign.active ? 'active' : 'inactive';
  return h('article', { class: 'campaign', 'data-testid': 'campaign', 'data-campaign': campaign.id, 'data-status': status, 'data-won': campaign.won },
    h('header', { class: 'campaign-head' },
      h('h3', {}, titleOf(campaign.id)),
      h('span', { class: 'badge', 'data-tone': status }, t(`status.${status}`)),
      h('span', { class: 'campaign-facts quiet' }, [
        t('campaign.exposed', { n: format.short(campaign.exposed) }),
        campaign.ghosts > 0 ? t('campaign.ghosts', { n: format.short(campaign.ghosts) }) : null,
        campaign.late > 0 ? t('campaign.late', { n: format.short(campaign.late) }) : null,
      ].filter(Boolean).join(' · ')),
      pauseButton(board, { brand, kind: 'campaigns', item: campaign.id, paused: campaign.paused, words: true }, t)),
    waysOf(campaign, words),
    moneyOf(campaign, words),
    trialOf(campaign.trial, words));
}

/** What the campaign adds to purchase intent over those whom it holds out. */
function trialOf(trial, { t, format }) {
  if (!trial) return null;
  const found = incrementOf(trial);
  const arms = t('trial.arms', { shown: format.short(trial.shown.consumers), heldOut: format.short(trial.heldOut.consumers) });
  return h('p', { class: 'campaign-trial', 'data-testid': 'campaign-trial', 'data-shown': trial.shown.consumers, 'data-held-out': trial.heldOut.consumers },
    h('span', { class: 'quiet' }, t('trial')),
    h('b', {}, found ? t('trial.increment', { n: format.signed(found.increment) }) : t('trial.waits')),
    h('span', { class: 'quiet' }, found ? `${t('trial.range', { low: format.signed(found.low), high: format.signed(found.high) })} · ${arms}` : arms));
}

function waysOf(campaign, { t, format }) {
  const steps = funnelOf(campaign);
  const most = Math.max(1, ...steps.map(step => step.count));
  return h('ol', { class: 'ways-down' }, steps.map((step, i) => {
    // More conversions than clicks are no part of them: who only looked buys too.
    const kept = i === 0 ? NaN : share(step.count, steps[i - 1].count);
    const fill = h('span', { class: 'pillar-fill' });
    fill.style.transform = `scaleY(${step.count > 0 ? Math.max(0.02, step.count / most) : 0})`;
    return h('li', { class: 'way-down', 'data-part': i < 5 ? 'choice' : 'delivery', 'data-testid': 'funnel-step', 'data-name': step.name, 'data-value': step.count },
      h('span', { class: 'pillar', 'aria-hidden': 'true' }, fill),
      h('b', {}, format.short(step.count)),
      h('span', { class: 'way-name' }, t(`delivery.${step.name}`)),
      h('span', { class: 'way-kept' }, kept <= 1 ? format.percent(kept) : ''));
  }));
}

function moneyOf(campaign, { t, format, catalogue }) {
  const { spendMicros, spendTodayMicros, dailyBudgetMicros, totalBudgetMicros, heldMicros } = campaign;
  const plannedMicros = isPaced(campaign, catalogue) ? campaign.plannedMicros : null;
  if (totalBudgetMicros === null && dailyBudgetMicros === null && spendMicros === 0) return h('p', { class: 'campaign-money quiet' }, t('money.free'));
  const off = plannedMicros > 0 ? spendTodayMicros / plannedMicros - 1 : NaN;
  return h('div', { class: 'campaign-money' },
    moneyLine(t('money.today'), spendTodayMicros, dailyBudgetMicros ?? plannedMicros, plannedMicros, format,
      Number.isFinite(off) ? t(off >= 0 ? 'money.ahead' : 'money.behind', { rate: format.percent(Math.abs(off)) }) : null),
    moneyLine(t('money.total'), spendMicros, totalBudgetMicros, null, format, heldMicros > 0 ? t('money.held', { amount: format.moneyShort(heldMicros) }) : null));
}

/** Spent of what is allowed, with a mark where the plan stands. */
function moneyLine(name, spent, allowed, planned, format, note) {
  const line = bar(allowed > 0 ? spent / allowed : 0, { class: 'bar bar-ink bar-money' });
  if (planned > 0 && allowed > 0) {
    const mark = h('span', { class: 'bar-mark' });
    mark.style.insetInlineStart = `${Math.min(1, planned / allowed) * 100}%`;
    line.append(mark);
  }
  return h('div', { class: 'money-line' },
    h('span', { class: 'money-name' }, name),
    h('span', { class: 'money-figures' }, h('b', {}, format.moneyShort(spent)), allowed !== null ? h('span', { class: 'quiet' }, ` / ${format.moneyShort(allowed)}`) : null),
    line,
    h('span', { class: 'money-note quiet' }, note ?? ''));
}
