// Instants, durations, numbers and money as the chosen language writes them.

/** Figures from here on are written short: 12.3K. */
const COMPACT_FROM = 100_000;
const UNITS = [['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1_000]];

function zone(timeZone) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Formatters for one language and one brand's time zone (UTC where the zone is unknown). */
export function createFormat(language, wantedZone, currency) {
  const timeZone = zone(wantedZone);
  const locale = language === 'en' ? 'en-GB' : language;
  const full = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', month: 'short', day: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, month: 'short', day: 'numeric' });
  const stamp = new Intl.DateTimeFormat(locale, { timeZone, month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 4 });
  const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const valid = at => Number.isFinite(at);
  return {
    timeZone,
    instant: at => valid(at) ? full.format(at) : '–',
    day: at => valid(at) ? day.format(at) : '–',
    time: at => valid(at) ? time.format(at) : '–',
    intent: value => Number.isFinite(value) ? value.toFixed(1) : '–',
    percent: value => Number.isFinite(value) ? `${(value * 100).toFixed(value > 0 && value < 0.0995 ? 1 : 0)}%` : '–',
    score: value => Number.isFinite(value) ? new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value) : '–',
    money: micros => money(locale, currency, micros),
    moneyShort: micros => money(locale, currency, micros, Math.abs(micros) >= COMPACT_FROM * 1_000_000),
    count: value => Number.isFinite(value) ? whole.format(value) : '–',
    short: value => !Number.isFinite(value) ? '–' : Math.abs(value) < COMPACT_FROM ? whole.format(value) : compact.format(value),
    decimal: value => Number.isFinite(value) ? decimal.format(value) : '–',
    signed: value => Number.isFinite(value) ? signed.format(value) : '–',
    rate: value => Number.isFinite(value) ? `${(value * 100).toFixed(Math.abs(value) < 0.0995 ? 2 : 1)}%` : '–',
    clock: at => valid(at) ? clock.format(at) : '–',
    date: at => valid(at) ? date.format(at) : '–',
    stamp: at => valid(at) ? stamp.format(at) : '–',
    duration: ms => durationText(language, ms),
  };
}

function money(language, currency, micros, short = false) {
  if (!Number.isFinite(micros)) return '–';
  const units = micros / 1_000_000;
  const size = short ? { notation: 'compact', maximumSignificantDigits: 4 } : {};
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...size }).format(units);
  } catch {
    return `${units.toFixed(2)} ${currency ?? ''}`.trim();
  }
}

/** The two largest units that say something: 3 d 4 h, 12 m. */
function durationText(language, ms) {
  if (Math.abs(ms) < 1_000) return language.startsWith('zh') ? '不到 1 秒' : '< 1 s';
  const names = language.startsWith('zh') ? { d: ' 天', h: ' 小时', m: ' 分', s: ' 秒' } : { d: ' d', h: ' h', m: ' m', s: ' s' };
  let rest = Math.abs(ms);
  const parts = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${names[unit]}`);
    rest -= count * size;
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}

/** An instant of the API as ms since the epoch, NaN where there is none. */
export const instantOf = text => typeof text === 'number' ? text : Date.parse(text ?? '');

/** The wire's duration that reaches at least `ms`. */
export const wireDuration = ms => `${Math.max(1, Math.ceil(ms / 1_000))}s`;

const ACRONYM = /^(vr|ar|3d|kol|tv)$/;

/** An id as a title: "runway-a" → "Runway A", "kol-li" → "KOL Li". */
export const titleOf = name => String(name ?? '').split(/[._-]+/).filter(Boolean)
  .map(word => ACRONYM.test(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1))
  .join(' ');
