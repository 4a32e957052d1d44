import { h, s, setAttribute, setText } from './dom.js';
import { icon } from './icons.js';
import { playAddress } from './route.js';

const THEMES = ['auto', 'light', 'dark'];
const GLYPHS = { auto: 'half', light: 'sun', dark: 'moon' };

/** The mark, the ways, the connection, the sandbox's clock while it is played, language and theme. */
export function headerView(preferences) {
  const ways = [['overview', '#/'], ['play', playAddress()]].map(([view, href]) => ({ view, node: h('a', { class: 'way-link', href, 'data-testid': `go-${view}` }) }));
  const nav = h('nav', { class: 'ways-nav' }, ways.map(way => way.node));
  const reach = h('span', { class: 'reach', 'data-testid': 'connection', role: 'status' }, h('span', { class: 'reach-dot' }), h('span', { class: 'reach-text' }));
  const clockName = h('span', { class: 'clock-name' });
  const clockTime = h('time', { class: 'clock-time' });
  const clock = h('div', { class: 'clock', 'data-testid': 'clock' }, icon('clock'), clockName, clockTime);
  const themeGlyph = h('span', { class: 'glyph' });
  const theme = h('button', {
    type: 'button', class: 'button button-quiet button-icon', 'data-testid': 'theme-toggle',
    on: { click: () => preferences.setTheme(THEMES[(THEMES.indexOf(preferences.theme()) + 1) % THEMES.length]) },
  }, themeGlyph);
  const languages = [['en', 'EN', 'lang-en'], ['zh-CN', '中文', 'lang-zh']].map(([language, text, testid]) => ({
    language,
    node: h('button', { type: 'button', class: 'segment', lang: language, 'data-testid': testid, on: { click: () => preferences.setLanguage(language) } }, text),
  }));
  const switcher = h('div', { class: 'segments', role: 'group' }, languages.map(item => item.node));
  const skip = h('a', { class: 'skip-link', href: '#main', on: { click: event => { event.preventDefault(); document.querySelector('main')?.focus(); } } });
  const node = h('header', { class: 'top' },
    skip,
    h('div', { class: 'top-inner' },
      h('a', { class: 'product', href: '#/' }, mark(), h('span', { class: 'product-name' }, 'Decisioning')),
      nav,
      h('div', { class: 'top-state' }, clock, reach),
      h('div', { class: 'top-tools' }, switcher, theme)),
    h('div', { class: 'progress', 'aria-hidden': 'true' }));

  let shown = null;
  return {
    node,
    /** `state` = { view, reach, busy, clock? }: `clock` = { now, format } only while the sandbox is played. */
    update(state, { t }) {
      setText(skip, t('skip'));
      setAttribute(nav, 'aria-label', t('nav'));
      for (const way of ways) {
        setText(way.node, t(`nav.${way.view}`));
        setAttribute(way.node, 'aria-current', way.view === state.view || (way.view === 'overview' && state.view === 'brand') ? 'page' : null);
      }
      setAttribute(node, 'data-busy', state.busy ? 'true' : null);
      setAttribute(reach, 'data-state', state.reach);
      setText(reach.lastChild, t(state.reach));
      setAttribute(clock, 'hidden', state.clock ? null : '');
      if (state.clock) {
        setText(clockName, t('clock'));
        setText(clockTime, state.clock.format.instant(state.clock.now));
        setAttribute(clockTime, 'datetime', Number.isFinite(state.clock.now) ? new Date(state.clock.now).toISOString() : null);
        setAttribute(clock, 'title', state.clock.format.timeZone);
      }
      setAttribute(switcher, 'aria-label', t('language'));
      for (const item of languages) setAttribute(item.node, 'aria-pressed', item.language === preferences.language() ? 'true' : 'false');
      const now = preferences.theme();
      setAttribute(theme, 'aria-label', `${t('theme')}: ${t(`theme.${now}`)}`);
      setAttribute(theme, 'title', `${t('theme')}: ${t(`theme.${now}`)}`);
      if (shown !== now) themeGlyph.replaceChildren(icon(GLYPHS[now]));
      shown = now;
    },
  };
}

const mark = () => s('svg', { viewBox: '0 0 32 32', class: 'mark', 'aria-hidden': 'true' },
  s('rect', { width: 32, height: 32, rx: 8, class: 'mark-ground' }),
  s('path', { d: 'M8 22h6.5c3 0 3.5-12 7-12H24', class: 'mark-path' }),
  s('path', { d: 'M14.5 22H24', class: 'mark-other' }),
  s('circle', { cx: 8, cy: 22, r: 3, class: 'mark-from' }),
  s('circle', { cx: 24, cy: 10, r: 3.4, class: 'mark-to' }));
