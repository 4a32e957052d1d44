// What an address names. Brand views: live, history, audit, consumers.

const TABS = ['live', 'history', 'audit', 'consumers'];

/** { view: 'overview' | 'brand' | 'play', brand?, tab?, consumer? } of a hash such as `#/brands/aurora/history`. */
export function readRoute(hash) {
  const [first, ...rest] = hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decoded);
  if (first === 'play') return { view: 'play', brand: rest[0], consumer: rest[1] };
  if (first === 'brands' && rest[0]) {
    const tab = TABS.includes(rest[1]) ? rest[1] : 'live';
    return { view: 'brand', brand: rest[0], tab, consumer: tab === 'consumers' ? rest[2] : undefined };
  }
  return { view: 'overview' };
}

/** The address of a brand's view. */
export const brandAddress = (brand, tab = 'live', consumer) =>
  `#/${['brands', brand, ...(tab === 'live' ? [] : [tab]), ...(consumer ? [consumer] : [])].map(encodeURIComponent).join('/')}`;

export const playAddress = (brand, consumer) => `#/${['play', ...(brand ? [brand] : []), ...(consumer ? [consumer] : [])].map(encodeURIComponent).join('/')}`;

export const brandTabs = TABS;

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
