// Sealed tokens: base64url of a decision's numbers and its consumer, and an HMAC over them. One HMAC a decision, as the engine seals once.

import { createHmac, timingSafeEqual } from 'node:crypto';

const MAC_BYTES = 16;

/** Seals an array of numbers and strings. */
export function seal(secret, values) {
  const text = Buffer.from(JSON.stringify(values)).toString('base64url');
  return `${text}.${mac(secret, text).toString('base64url')}`;
}

/** What was sealed, or null for anything forged or garbled. */
export function open(secret, token) {
  const [text, given, more] = token.split('.');
  const presented = Buffer.from(given ?? '', 'base64url');
  return more === undefined && presented.length === MAC_BYTES && timingSafeEqual(presented, mac(secret, text)) ? JSON.parse(Buffer.from(text, 'base64url')) : null;
}

const mac = (secret, text) => createHmac('sha256', secret).update(text).digest().subarray(0, MAC_BYTES);
