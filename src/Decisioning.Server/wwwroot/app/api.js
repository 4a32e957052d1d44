// The sandbox's HTTP contract, and nothing of the page.

const TIMEOUT_MS = 15_000;
const id = encodeURIComponent;

/** A refusal or a failure: `status` 0 means that no answer came. `faults` = [{ pointer, message }]. */
export class ApiError extends Error {
  constructor({ status, code, title, detail, faults = [], request }) {
    super(detail ?? title ?? code ?? 'request failed');
    Object.assign(this, { status, code, title, detail, faults, request });
  }
}

/** `onReach(true|false)` hears after each call whether the server answered at all. */
export function createApi(onReach) {
  async function call(method, path, body) {
    const request = `${method} ${path}`;
    let response;
    let text;
    try {
      response = await fetch(path, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (cause) {
      onReach(false);
      throw new ApiError({ status: 0, code: 'unreachable', detail: cause.message, request });
    }
    onReach(true);
    const json = parse(text);
    if (!response.ok) throw problem(response, json, request);
    if (json === undefined) throw new ApiError({ status: response.status, code: 'not_json', request });
    return json;
  }

  return {
    brands: async () => (await call('GET', '/v1/brands')).brands ?? [],
    brand: brand => call('GET', `/v1/brands/${id(brand)}`),
    clock: async () => Date.parse((await call('GET', '/v1/sandbox/clock')).now),
    advance: async duration => Date.parse((await call('POST', '/v1/sandbox/clock', { advance: duration })).now),
    decide: body => call('POST', '/v1/sandbox/decisions', body),
    record: async events => refuseRejected(await call('POST', '/v1/sandbox/events', { events }), 'POST /v1/sandbox/events'),
    consumer: async consumer => {
      try {
        return await call('GET', `/v1/sandbox/consumers/${id(consumer)}`);
      } catch (error) {
        if (error.status === 404) return null;
        throw error;
      }
    },
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(response, json, request) {
  return new ApiError({
    status: response.status,
    code: json?.code,
    title: json?.title ?? response.statusText,
    detail: json?.detail,
    faults: faultsOf(json?.errors),
    request,
  });
}

/** `errors` as a list of objects or strings, or as a map from pointer to messages. */
function faultsOf(errors) {
  if (Array.isArray(errors)) {
    return errors.map(fault => typeof fault === 'string'
      ? { pointer: '', message: fault }
      : { pointer: fault.pointer ?? fault.path ?? '', message: fault.message ?? fault.detail ?? fault.code ?? '' });
  }
  return Object.entries(errors ?? {}).flatMap(([pointer, messages]) =>
    [messages].flat().map(message => ({ pointer, message: typeof message === 'string' ? message : message?.detail ?? message?.message ?? '' })));
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
