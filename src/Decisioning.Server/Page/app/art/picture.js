import { s } from '../dom.js';
import { createBrush } from './brush.js';
import { care } from './care.js';
import { coffee } from './coffee.js';
import { paper } from './paper.js';
import { review } from './review.js';
import { runway } from './runway.js';
import { seeded } from './seed.js';
import { vr } from './vr.js';

// The first scene that the creative's id, then its step, then its landing speaks of.
const SCENES = [
  { words: /runway|catwalk|show|fashion|premiere/, draw: runway, hue: 318 },
  { words: /(^|[^a-z])(kol|review|live|talk|vlog|expert)|review/, draw: review, hue: 14 },
  { words: /(^|[^a-z])(vr|ar|3d)([^a-z]|$)|trial|virtual|try/, draw: vr, hue: 268 },
  { words: /coffee|roast|bean|harvest|brew|barista|cup/, draw: coffee, hue: 30 },
  { words: /care|owner|member|thank|service|welcome|refill/, draw: care, hue: 150 },
];

const HUES = [206, 28, 168, 226, 344, 188];

/** The picture of a creative, drawn from what is known of it: no file is ever fetched. */
export function picture({ id, step, landing, label }) {
  const random = seeded(id);
  const hints = [id, step, landing].map(hint => String(hint ?? '').toLowerCase());
  const scene = hints.map(hint => SCENES.find(candidate => candidate.words.test(hint))).find(Boolean)
    ?? { draw: paper, hue: HUES[Math.floor(random() * HUES.length)] };
  const brush = createBrush(random, scene.hue);
  const shapes = scene.draw(brush);
  return s('svg', {
    viewBox: '0 0 640 360', preserveAspectRatio: 'xMidYMid slice', class: 'picture',
    role: label ? 'img' : null, 'aria-label': label, 'aria-hidden': label ? null : 'true', focusable: 'false',
  }, brush.definitions, ...shapes);
}
