// What a brand is warned of. Pure.

import { share, total } from './figures.js';

/** Fewer of the wins than this were rendered: something between the answer and the screen is broken. */
const RENDER_RATE_LOW = 0.6;
/** Wins before the share is judged. */
const RENDER_LEAST_WINS = 50;
/** Spend that lies further off its plan than this part of it. */
const PACE_OFF = 0.1;
/** A feed without an event for longer has gone silent. */
const SILENT_AFTER_MS = 120_000;

/** [{ kind, level: 'bad' | 'warn', … }] of a pulse; `now` is the server's clock, ms; `catalogue` the brand's document, where it is known. */
export function alertsOf(pulse, now, catalogue) {
  return [...silence(pulse, now), ...renderRate(pulse), ...pulse.campaigns.filter(campaign => isPaced(campaign, catalogue)).flatMap(pace)];
}

/** A campaign without pacing may spend all at once, and is never behind. */
export const isPaced = ({ id }, catalogue) => catalogue?.campaigns[id]?.budget?.pacing !== 'asap';

function silence({ activity, campaigns }, now) {
  const last = Date.parse(activity.lastEventAt ?? '');
  const expected = campaigns.some(campaign => campaign.active && !campaign.paused);
  return expected && now - last > SILENT_AFTER_MS ? [{ kind: 'silent', level: 'bad', since: last }] : [];
}

function renderRate({ campaigns }) {
  const won = total(campaigns, 'won');
  const rate = share(total(campaigns, 'rendered'), won);
  return won >= RENDER_LEAST_WINS && rate < RENDER_RATE_LOW ? [{ kind: 'render', level: 'bad', rate }] : [];
}

function pace({ id, active, paused, plannedMicros, spendTodayMicros }) {
  if (!active || paused || !(plannedMicros > 0)) return [];
  const off = spendTodayMicros - plannedMicros;
  return Math.abs(off) > PACE_OFF * plannedMicros ? [{ kind: off > 0 ? 'ahead' : 'behind', level: 'warn', campaign: id, off: off / plannedMicros }] : [];
}
