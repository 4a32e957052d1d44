import { h, s, setAttribute, setText } from '../dom.js';
import { icon } from '../icons.js';

const THEMES = ['auto', 'light', 'dark'];
const GLYPHS = { auto: 'half', light: 'sun', dark: 'moon' };

/** The mark, the connection, the sandbox's clock, language and theme. */
export function headerView(preferences) {
  const title = h('span', { class: 'product-page' });
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
  const node = h('header', { class: 'top' },
    h('div', { class: 'top-inner' },
      h('div', { class: 'product' }, mark(), h('h1', { class: 'product-name' }, 'Decisioning'), title),
      h('div', { class: 'top-state' }, reach, clock),
      h('div', { class: 'top-tools' }, switcher, theme)),
    h('div', { class: 'progress', 'aria-hidden': 'true' }));

  let shown = null;
  return {
    node,
    update(state, { t, format }) {
      setText(title, t('title'));
      setAttribute(node, 'data-busy', state.busy ? 'true' : null);
      setAttribute(reach, 'data-state', state.reach);
      setText(reach.lastChild, t(state.reach));
      setText(clockName, t('clock'));
      setText(clockTime, format.instant(state.now));
      setAttribute(clockTime, 'datetime', Number.isFinite(state.now) ? new Date(state.now).toISOString() : null);
      setAttribute(clock, 'title', format.timeZone);
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
