import { h, setText } from '../../dom.js';
import { button } from '../../button.js';
import { panel } from '../../panel.js';

// What each group is evidence of; the colour of the stage goes with it.
const GROUPS = [
  ['passive', 'awareness', ['view', 'search']],
  ['active', 'interest', ['brand_search', 'content_engage', 'shop_visit', 'follow']],
  ['intent', 'interest', ['favorite', 'cart', 'coupon_claim', 'remove_from_cart']],
];
const ITEM = 'sku-1';
const WITH_ITEM = new Set(['view', 'favorite', 'cart', 'remove_from_cart']);
const DEFAULT_VALUE = '199.00';

/** What the consumer does on their own: browse, search, cart, buy, send back. */
export function actsView(session) {
  const groups = GROUPS.map(([name, stage, types]) => {
    const title = h('h3', { class: 'group-title', 'data-of': stage });
    const buttons = types.map(type => ({
      type, control: button({ testid: `act-${type}`, kind: 'plain', glyph: type, press: () => session.behave(type, WITH_ITEM.has(type) ? { item: ITEM } : {}) }),
    }));
    return { name, title, buttons, node: h('div', { class: 'group' }, title, h('div', { class: 'group-buttons' }, buttons.map(item => item.control.node))) };
  });
  const own = buyingGroup(session);
  const frame = panel('acts', ...groups.map(group => group.node), own.node);
  return {
    node: frame.node,
    update(state, { t }) {
      setText(frame.title, t('acts'));
      const available = Boolean(state.brand);
      for (const { name, title, buttons } of groups) {
        setText(title, t(`acts.${name}`));
        for (const { type, control } of buttons) control.update({ label: t(`act.${type}`), available });
      }
      own.update(state, t);
    },
  };
}

function buyingGroup(session) {
  const title = h('h3', { class: 'group-title', 'data-of': 'purchase' });
  const valueName = h('span', { class: 'field-name' });
  const currency = h('span', { class: 'input-unit' });
  const value = h('input', { class: 'input', type: 'number', min: '0.01', step: '0.01', value: DEFAULT_VALUE, inputmode: 'decimal', 'data-testid': 'order-value' });
  const buy = button({ testid: 'act-purchase', kind: 'plain', glyph: 'buy', press: () => { if (value.reportValidity()) session.buy(Math.round(value.valueAsNumber * 1_000_000)); } });
  const refund = button({ testid: 'act-refund', kind: 'plain', glyph: 'refund', press: () => session.refund() });
  const review = button({ testid: 'act-review', kind: 'plain', glyph: 'review', press: () => session.behave('review', { rating: 5, item: ITEM }) });
  value.required = true;
  const node = h('div', { class: 'group' }, title,
    h('label', { class: 'field order' }, valueName, h('span', { class: 'input-frame' }, value, currency)),
    h('div', { class: 'group-buttons' }, buy.node, refund.node, review.node));
  return {
    node,
    update(state, t) {
      const available = Boolean(state.brand);
      setText(title, t('acts.own'));
      setText(valueName, t('orderValue'));
      setText(currency, state.catalogue?.currency ?? '');
      buy.update({ label: t('buy'), available });
      refund.update({ label: t('refund'), available: available && state.orders.some(order => !order.refunded) });
      review.update({ label: t('act.review'), available });
    },
  };
}
