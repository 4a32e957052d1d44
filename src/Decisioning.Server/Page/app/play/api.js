// The sandbox's HTTP contract, and nothing of the page.

import { ApiError } from '../http.js';

const id = encodeURIComponent;

/** The sandbox's calls over `http`. */
export function createSandboxApi(http) {
  return {
    brands: async () => (await http.json('GET', '/v1/brands')).brands ?? [],
    brand: brand => http.json('GET', `/v1/brands/${id(brand)}`),
    clock: async () => Date.parse((await http.json('GET', '/v1/sandbox/clock')).now),
    advance: async duration => Date.parse((await http.json('POST', '/v1/sandbox/clock', { advance: duration })).now),
    decide: body => http.json('POST', '/v1/sandbox/decisions', body),
    record: async events => refuseRejected(await http.json('POST', '/v1/sandbox/events', { events }), 'POST /v1/sandbox/events'),
    consumer: async consumer => {
      try {
        return await http.json('GET', `/v1/sandbox/consumers/${id(consumer)}`);
      } catch (error) {
        if (error.status === 404) return null;
        throw error;
      }
    },
  };
}

/** A batch is answered 200 even where single events were refused; here a refused one is an error. */
function refuseRejected(answer, request) {
  const rejected = (answer.results ?? []).filter(result => result.status === 'rejected');
  if (rejected.length > 0) {
    throw new ApiError({
      status: 200,
      code: rejected[0].code,
      detail: rejected[0].detail,
      faults: rejected.slice(1).map(result => ({ pointer: result.code ?? '', message: result.detail ?? '' })),
      request,
    });
  }
  return answer;
}
