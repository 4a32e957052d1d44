// Building and refreshing DOM without ever parsing a string as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

/** An HTML element; `on` holds listeners, `null` and `false` attributes and children are left out. */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Writes text only where it differs, so that live regions speak only of changes. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets, or for null removes, an attribute. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

/** Replaces a node's children and gives the focus back to the control that stood for the same thing. */
export function replaceKeepingFocus(node, children) {
  const held = node.contains(document.activeElement) ? document.activeElement.getAttribute('data-testid') : null;
  node.replaceChildren(...children);
  if (held) node.querySelector(`[data-testid="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}
