// Calls of the server's HTTP API: the key, the faults, and whether it was reached at all.

const TIMEOUT_MS = 15_000;

/** A refusal or a failure: `status` 0 means that no answer came. `faults` = [{ pointer, message }]. */
export class ApiError extends Error {
  constructor({ status, code, title, detail, faults = [], request }) {
    super(detail ?? title ?? code ?? 'request failed');
    Object.assign(this, { status, code, title, detail, faults, request });
  }
}

/**
 * `key` holds the API key, where the server wants one; it travels in a header, never in an address.
 * `onReach(true|false)` hears after each call whether the server answered, `onServerTime(ms)` its clock to the second.
 */
export function createHttp({ key, onReach = () => {}, onServerTime = () => {} }) {
  async function send(method, path, body, accept) {
    const request = `${method} ${path}`;
    const headers = { accept };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (key.get()) headers['x-api-key'] = key.get();
    let response;
    let text;
    try {
      response = await fetch(path, {
        method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (cause) {
      onReach(false);
      throw new ApiError({ status: 0, code: 'unreachable', detail: cause.message, request });
    }
    onReach(true);
    const at = Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(at)) onServerTime(at);
    if (response.status === 401) key.demand();
    if (!response.ok) throw problem(response, parse(text), request);
    return { text, status: response.status, request };
  }

  return {
    /** The answer's JSON; undefined where the answer has no content. */
    async json(method, path, body) {
      const answer = await send(method, path, body, 'application/json');
      if (answer.status === 204) return undefined;
      const json = parse(answer.text);
      if (json === undefined) throw new ApiError({ status: answer.status, code: 'not_json', request: answer.request });
      return json;
    },
    csv: async path => (await send('GET', path, undefined, 'text/csv')).text,
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
