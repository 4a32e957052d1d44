/** A small deterministic generator (FNV-1a into mulberry32): the same name always draws the same picture. */
export function seeded(name) {
  let hash = 0x811c9dc5;
  for (const character of String(name)) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  let state = hash >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
