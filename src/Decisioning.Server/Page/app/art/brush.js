import { s } from '../dom.js';

let canvases = 0;

/** Colours, gradients and shapes of one picture; ids are unique in the page. */
export function createBrush(random, hue) {
  const canvas = ++canvases;
  const definitions = s('defs');
  let count = 0;
  const turn = (random() - 0.5) * 36;
  const colour = (shift, saturation, lightness, alpha = 1) => `hsl(${Math.round(hue + turn + shift + 720) % 360} ${saturation}% ${lightness}% / ${alpha})`;

  function gradient(tag, attributes, stops) {
    const id = `art-${canvas}-${++count}`;
    definitions.append(s(tag, { id, ...attributes }, ...stops.map(([offset, stop]) => s('stop', { offset, 'stop-color': stop }))));
    return `url(#${id})`;
  }

  return {
    definitions, colour, random,
    between: (low, high) => low + random() * (high - low),
    down: (...stops) => gradient('linearGradient', { x1: 0, y1: 0, x2: 0, y2: 1 }, stops),
    across: (...stops) => gradient('linearGradient', { x1: 0, y1: 0, x2: 1, y2: 1 }, stops),
    glow: (...stops) => gradient('radialGradient', {}, stops),
    rect: (x, y, width, height, fill, more) => s('rect', { x, y, width, height, fill, ...more }),
    circle: (cx, cy, r, fill, more) => s('circle', { cx, cy, r, fill, ...more }),
    ellipse: (cx, cy, rx, ry, fill, more) => s('ellipse', { cx, cy, rx, ry, fill, ...more }),
    path: (d, fill, more) => s('path', { d, fill, ...more }),
    line: (d, stroke, width, more) => s('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-linecap': 'round', 'stroke-linejoin': 'round', ...more }),
    group: (attributes, ...children) => s('g', attributes, ...children),
  };
}
