import { h, setAttribute } from './dom.js';
import { icon } from './icons.js';
import { button } from './button.js';

/** The last failure with every fault it names. It lies over the page, so that nothing moves when it comes. */
export function alertView(session) {
  const box = h('div', { class: 'alert-box' });
  const node = h('div', { class: 'alert', role: 'alert', 'data-testid': 'error', hidden: true }, box);
  let drawn = {};
  return {
    node,
    update({ error }, { t }) {
      if (drawn.error === error && drawn.t === t) return;
      drawn = { error, t };
      setAttribute(node, 'hidden', error ? null : '');
      box.replaceChildren(...(error ? alertNodes(error, t, session) : []));
    },
  };
}

function alertNodes(error, t, session) {
  const dismiss = h('button', { type: 'button', class: 'button button-quiet button-icon', 'aria-label': t('error.dismiss'), 'data-testid': 'error-dismiss', on: { click: () => session.dismissError() } }, icon('close'));
  const again = button({ testid: 'error-retry', kind: 'plain', glyph: 'refund', press: () => session.retry() });
  again.update({ label: t('error.retry') });
  const source = [error.status ? String(error.status) : null, error.code, error.request].filter(Boolean);
  return [
    icon('alert'),
    h('div', { class: 'alert-words' },
      h('strong', {}, t(titleKey(error))),
      error.message ? h('p', {}, error.message) : null,
      error.faults?.length > 0 ? h('ul', { class: 'faults' }, error.faults.map(fault => h('li', {}, fault.pointer ? h('code', {}, fault.pointer) : null, h('span', {}, fault.message)))) : null,
      source.length > 0 ? h('p', { class: 'alert-source' }, source.map(part => h('code', {}, part))) : null,
      error.status === 0 || error.status >= 500 ? again.node : null),
    dismiss,
  ];
}

function titleKey({ status, code }) {
  if (status === undefined) return 'error.page';
  if (code === 'not_json') return 'error.not_json';
  if (status === 0) return 'error.unreachable';
  if (status === 200) return 'error.rejected';
  return status >= 500 ? 'error.failed' : 'error.refused';
}
