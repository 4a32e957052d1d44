// The board's calls, over `http`.

const id = encodeURIComponent;
const brandPath = brand => `/v1/brands/${id(brand)}`;
const seriesPath = (brand, { metric, from, to, by }) =>
  `${brandPath(brand)}/history?${new URLSearchParams({ metric, from: new Date(from).toISOString(), to: new Date(to).toISOString(), by })}`;

export function createBoardApi(http) {
  return {
    brands: async () => (await http.json('GET', '/v1/brands')).brands ?? [],
    document: brand => http.json('GET', brandPath(brand)),
    audit: brand => http.json('GET', `${brandPath(brand)}/audit`),
    /** `kind` is campaigns or creatives. */
    setStatus: (brand, kind, item, status) => http.json('PATCH', `${brandPath(brand)}/${kind}/${id(item)}`, { status }),
    /** `series` = { metric, from, to, by }, instants in ms. */
    history: async (brand, series) => (await http.json('GET', seriesPath(brand, series))).points
      .map(point => ({ at: Date.parse(point.at), value: point.value })),
    historyCsv: (brand, series) => http.csv(seriesPath(brand, series)),
    consumer: consumer => http.json('GET', `/v1/consumers/${id(consumer)}`),
    /** A ticket for the hub, good once. */
    ticket: async () => (await http.json('POST', '/v1/watch-tickets', {})).ticket,
  };
}
