import { h, setAttribute, setText } from '../dom.js';
import { icon } from '../icons.js';
import { brandAddress, brandTabs } from '../route.js';
import { alertText } from './alerttext.js';
import { alertsOf } from './alerts.js';
import { auditView } from './audit.js';
import { drawnFrom } from './drawing.js';
import { historyView } from './history.js';
import { journeyView } from './journey.js';
import { liveView } from './live.js';

/** One brand: its head with what it is warned of, and below it one of its views. */
export function brandView(board) {
  const views = { live: liveView(board), history: historyView(board), audit: auditView(board), consumers: journeyView(board) };
  const back = h('a', { class: 'back', href: '#/' });
  const title = h('h1', { class: 'view-title', 'data-testid': 'brand-name' });
  const about = h('p', { class: 'quiet brand-about' });
  const stamp = h('div', { class: 'stamp', 'data-testid': 'as-of' });
  const alerts = h('ul', { class: 'alerts', 'data-testid': 'alerts' });
  const tabs = brandTabs.map(tab => ({ tab, node: h('a', { class: 'tab', 'data-testid': `tab-${tab}` }) }));
  const nav = h('nav', { class: 'tabs' }, tabs.map(item => item.node));
  const slot = h('div', { class: 'brand-slot' });
  const node = h('main', { class: 'board brand', tabindex: -1 },
    h('header', { class: 'view-head' }, h('div', { class: 'brand-title' }, back, title, about), stamp), alerts, nav, slot);
  let route = null;

  const drawAlerts = drawnFrom((levels, text, t) => {
    alerts.replaceChildren(...(levels === null ? [] : text === ''
      ? [levels === 'quiet' ? h('li', { class: 'pill' }, t('alerts.quiet')) : h('li', { class: 'pill', 'data-level': 'good' }, icon('check'), t('alerts.clear'))]
      : text.split('\n').map((line, i) => h('li', { class: 'pill', 'data-level': levels.split(',')[i] }, icon('alert'), line))));
  });

  function leave() {
    if (!route) return;
    board.unwatchBrand(route.brand);
    views[route.tab].hide?.();
    route = null;
  }

  return {
    node,
    show(next) {
      leave();
      route = next;
      board.watchBrand(route.brand);
      slot.replaceChildren(views[route.tab].node);
      views[route.tab].show?.(route);
    },
    hide: leave,
    update(state, shell) {
      if (!route) return;
      const words = shell.brandWords(route.brand);
      const { t, format, catalogue } = words;
      const pulse = state.pulses[route.brand];
      setText(back, `‹ ${t('overview')}`);
      setText(title, catalogue?.name ?? route.brand);
      setText(about, [catalogue?.industry ? t('brand.industry', { name: catalogue.industry }) : null, catalogue ? format.timeZone : null, pulse ? t('brand.rules', { version: pulse.rulesVersion }) : null, pulse?.reclassifying ? t('brand.reclassifying') : null].filter(Boolean).join(' · '));
      setText(stamp, pulse ? t('asOf', { at: format.clock(Date.parse(pulse.asOf)) }) : '');
      setAttribute(stamp, 'data-as-of', pulse?.asOf ?? null);
      setAttribute(nav, 'aria-label', t('tabs'));
      for (const item of tabs) {
        setText(item.node, t(`tab.${item.tab}`));
        setAttribute(item.node, 'href', brandAddress(route.brand, item.tab));
        setAttribute(item.node, 'aria-current', item.tab === route.tab ? 'page' : null);
      }
      const found = pulse ? alertsOf(pulse, board.now(), catalogue) : null;
      const levels = found && (pulse.activity.lastEventAt || found.length > 0 ? found.map(alert => alert.level).join() : 'quiet');
      drawAlerts(levels, found?.map(alert => alertText(alert, words)).join('\n') ?? '', t);
      views[route.tab].update(state, route.brand, words);
    },
  };
}
