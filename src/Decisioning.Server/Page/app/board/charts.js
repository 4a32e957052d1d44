// Charts, drawn by ECharts, which is loaded when the first one is needed. Their text is in the panel beside them too; a chart is an image with a label.

import { h } from '../dom.js';

let loading = null;
const library = () => loading ??= import('./echarts.js');

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Colours and type of the page, as they stand in the style sheet now. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink'), ink2: colour('ink-2'), ink3: colour('ink-3'), line: colour('line'), surface: colour('surface'), sunken: colour('sunken'), bad: colour('bad'),
    stage: name => colour(`stage-${name}`) || colour('ink-3'),
    font: colour('font'),
  };
}

/** A chart of fixed height: { node, draw(option of a palette, label) }. It follows its width and the theme. */
export function chart(name) {
  const canvas = h('div', { class: 'chart-canvas' });
  const node = h('div', { class: `chart chart-${name}`, role: 'img' }, canvas);
  let drawing = null;
  let instance = null;

  async function paint() {
    const { init } = await library();
    if (!drawing || !canvas.isConnected || canvas.clientWidth === 0) return;
    instance ??= init(canvas, null, { renderer: 'canvas' });
    const colours = palette();
    instance.setOption({ textStyle: { fontFamily: colours.font }, animation: false, ...drawing(colours) }, { notMerge: true });
  }

  // A chart that is taken off the page has no size, and is left as it was.
  new ResizeObserver(() => {
    if (canvas.clientWidth === 0) return;
    if (instance) instance.resize();
    else paint();
  }).observe(canvas);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  dark.addEventListener('change', paint);
  return {
    node,
    draw(optionOf, label) {
      drawing = optionOf;
      node.setAttribute('aria-label', label);
      paint();
    },
  };
}

/** How a tooltip looks: drawn on the canvas, for the content policy forbids markup with styles. */
export const tooltip = colours => ({
  renderMode: 'richText', confine: true, backgroundColor: colours.surface, borderColor: colours.line, borderWidth: 1, padding: [8, 10],
  textStyle: { color: colours.ink, fontSize: 12, fontFamily: colours.font }, shadowBlur: 12, shadowColor: 'rgba(0,0,0,.16)',
});
