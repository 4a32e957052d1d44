import { picture } from '../art/picture.js';
import { h } from '../dom.js';
import { titleOf } from '../format.js';

const WORDS = {
  en: { ad: 'Ad', more: 'Learn more', seen: 'You may have seen', demo: 'A demo page of Decisioning. Nothing here is for sale.', label: 'Illustration of {name}' },
  zh: { ad: '广告', more: '了解更多', seen: '你可能见过', demo: 'Decisioning 的演示页面，不出售任何商品。', label: '{name} 的插图' },
};

/** A creative as it would stand in a slot: the picture, the brand, one line, the way on. */
export function creativePage(brand, name, language) {
  const words = WORDS[language];
  const { headline, landing } = brand.creative(name);
  return h('main', { class: 'ad' },
    picture({ id: name, landing, label: words.label.replace('{name}', titleOf(name)) }),
    h('div', { class: 'ad-shade' }),
    h('span', { class: 'ad-tag' }, words.ad),
    h('div', { class: 'ad-foot' },
      h('div', { class: 'ad-words' }, h('span', { class: 'ad-brand' }, brand.name), h('h1', { class: 'ad-line' }, headline)),
      landing ? h('a', { class: 'ad-more', href: landing }, words.more) : null));
}

/** Where a click leads: the brand's page, and what led there. */
export function landingPage(brand, name, language) {
  const words = WORDS[language];
  const { title, text, scene, creatives } = brand.landing(name);
  return h('div', { class: 'land' },
    h('header', { class: 'land-top' }, h('span', { class: 'land-mark', 'aria-hidden': 'true' }), h('strong', {}, brand.name)),
    h('main', { class: 'land-main' },
      h('div', { class: 'land-hero' }, picture({ id: scene, label: words.label.replace('{name}', title) })),
      h('div', { class: 'land-words' }, h('h1', {}, title), h('p', {}, text)),
      creatives.length > 0 ? h('section', { class: 'land-seen' },
        h('h2', {}, words.seen),
        h('ul', { class: 'land-list' }, creatives.map(creative => h('li', {}, h('a', { class: 'land-card', href: `/demo/${brand.id}/${creative}` },
          h('span', { class: 'land-thumb' }, picture({ id: creative, landing: name })),
          h('span', {}, brand.creative(creative).headline)))))) : null),
    h('footer', { class: 'land-foot' }, words.demo));
}
