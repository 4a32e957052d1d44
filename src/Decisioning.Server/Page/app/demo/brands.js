// The demo brands' own words: what their creatives and landing pages say.

import { titleOf } from '../format.js';

const CREATIVES = {
  aurora: {
    'runway-a': { landing: 'show', en: 'Light, worn.', zh: '把光穿在身上。' },
    'runway-b': { landing: 'show', en: 'The second walk.', zh: '第二次走秀。' },
    'runway-still': { landing: 'show', en: 'One look, one light.', zh: '一束光，一个造型。' },
    'kol-li': { landing: 'li', en: 'Li tried it for a week.', zh: '李老师用了一周。' },
    'vr': { landing: 'vr', en: 'Try the shade on, here.', zh: '就在这里试色。' },
    'care': { landing: 'show', en: 'Yours. Now keep it bright.', zh: '属于你，让它一直亮着。' },
  },
  borealis: {
    'harvest-film': { landing: 'harvest', en: 'Picked at dawn, at 1,900 metres.', zh: '清晨，海拔一千九百米。' },
    'roast-film': { landing: 'harvest', en: 'Eleven minutes in the drum.', zh: '滚筒里的十一分钟。' },
    'beans-still': { landing: 'harvest', en: 'This year’s first lot.', zh: '今年的第一批豆。' },
    'barista-review': { landing: 'review', en: 'A barista brews it blind.', zh: '咖啡师盲品。' },
    'review-still': { landing: 'review', en: '“Blackcurrant, then honey.”', zh: '“先是黑加仑，再是蜂蜜。”' },
    'virtual-tasting': { landing: 'tasting', en: 'Five cups, one table, no flight.', zh: '五杯，一桌，不必远行。' },
    'tasting-still': { landing: 'tasting', en: 'A seat is kept for you.', zh: '为你留了座位。' },
    'brew-guide': { landing: 'club', en: 'Brew it as we do.', zh: '像我们一样冲煮。' },
  },
};

const LANDINGS = {
  aurora: {
    show: { en: ['The spring show', 'Six looks made of light. See each of them slowly, and the colours they were made with.'], zh: ['春季大秀', '六个造型，皆由光成。慢慢看，看清每一种颜色。'] },
    li: { en: ['Seven days with Li', 'What held, what did not, and which shade she kept: an honest week, day by day.'], zh: ['李老师的七天', '哪里持久，哪里不足，最后留下哪支：一天一天，如实记录。'] },
    vr: { en: ['The fitting room', 'Turn your head, change the light, try every shade. Nothing to install.'], zh: ['虚拟试妆间', '转头、换光、试遍所有色号，无需安装。'] },
  },
  borealis: {
    harvest: { en: ['The harvest', 'One farm, one week, four hundred bags. Roasted in Oslo on the day it ships.'], zh: ['今年的收成', '一座庄园，一个星期，四百袋。在奥斯陆当天烘焙当天发货。'] },
    review: { en: ['What baristas say', 'Three baristas, one unmarked bag. We print what they said, the harsh words too.'], zh: ['咖啡师怎么说', '三位咖啡师，一袋无标豆子。说了什么我们就印什么。'] },
    tasting: { en: ['The tasting table', 'Five origins poured side by side, and someone to tell you what you taste.'], zh: ['云品鉴', '五个产地，并排冲煮，有人告诉你尝到的是什么。'] },
    club: { en: ['The club', 'Recipes, refills and the lots we do not sell: for those who have bought.'], zh: ['会员之家', '配方、补货和不公开出售的批次：给已经购买的你。'] },
  },
};

const NAMES = { aurora: { en: 'Aurora', zh: 'Aurora 极光' }, borealis: { en: 'Borealis Coffee', zh: 'Borealis 咖啡' } };
const SCENES = { show: 'runway', li: 'review', vr: 'vr', harvest: 'harvest-coffee', review: 'review', tasting: 'virtual', club: 'brew-coffee' };

/** A brand by id: `{ id, name, creative(name), landing(name) }`; a brand or name that is not the demo's is told by its id alone. */
export function brandOf(id, language) {
  return {
    id,
    name: NAMES[id]?.[language] ?? titleOf(id),
    creative(name) {
      const known = CREATIVES[id]?.[name];
      return { headline: known?.[language] ?? titleOf(name), landing: known ? `/demo/${id}/landing/${known.landing}` : null };
    },
    landing(name) {
      const [title, text] = LANDINGS[id]?.[name]?.[language] ?? [titleOf(name), ''];
      const creatives = Object.keys(CREATIVES[id] ?? {}).filter(creative => CREATIVES[id][creative].landing === name);
      return { title, text, scene: SCENES[name] ?? name, creatives };
    },
  };
}
