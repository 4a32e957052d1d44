/** Care for those who bought: calm light, a jar, a leaf, water. */
export function care(b) {
  const { colour } = b;
  const sun = b.between(400, 500);
  return [
    b.rect(0, 0, 640, 360, b.down([0, colour(-30, 44, 93)], [1, colour(0, 32, 78)])),
    b.circle(sun, 120, 96, b.down([0, colour(-96, 88, 86)], [1, colour(-60, 60, 86, 0.2)])),
    b.path('M0 262 C120 226 220 246 330 236 S540 206 640 238 V360 H0 Z', colour(-4, 28, 68)),
    ...[0, 1, 2].map(ring => b.ellipse(300, 292, 150 + ring * 62, 22 + ring * 10, 'none', { stroke: colour(-20, 40, 96, 0.75 - ring * 0.22), 'stroke-width': 2 })),
    sprig(b, 448, 290, 1.15, 14),
    sprig(b, 172, 292, 0.9, -18),
    jar(b),
  ];
}

function jar(b) {
  const { colour } = b;
  const glass = b.across([0, colour(-20, 30, 98)], [0.55, colour(-6, 26, 84)], [1, colour(0, 26, 66)]);
  return b.group({ transform: 'translate(300 204)' },
    b.ellipse(0, 92, 112, 12, colour(10, 40, 24, 0.28)),
    b.rect(-92, -22, 184, 112, glass, { rx: 26 }),
    b.rect(-82, -10, 13, 84, colour(0, 0, 100, 0.65), { rx: 6.5 }),
    b.rect(-100, -66, 200, 52, b.across([0, colour(6, 30, 40)], [1, colour(10, 34, 22)]), { rx: 12 }),
    b.rect(-90, -58, 70, 7, colour(0, 20, 70, 0.5), { rx: 3.5 }),
    b.path('M0 14 C12 30 17 39 17 48 a17 17 0 0 1 -34 0 C-17 39 -12 30 0 14 Z', colour(6, 40, 38)),
    b.line('M-7 49 a8 8 0 0 0 7 9', colour(-10, 40, 84), 2.6));
}

function sprig(b, x, y, scale, lean) {
  const leaves = [0, 1, 2, 3].flatMap(place => [-1, 1].map(side => b.path(
    'M0 0 C10 -22 34 -26 46 -14 C38 4 18 10 0 0 Z',
    b.colour(side * 8, 34 + place * 3, 30 + place * 6),
    { transform: `translate(0 ${-26 - place * 34}) scale(${side * (1 - place * 0.13)} ${1 - place * 0.13})` })));
  return b.group({ transform: `translate(${x} ${y}) rotate(${lean}) scale(${scale})` },
    b.line('M0 0 C4 -50 -4 -100 0 -156', b.colour(10, 36, 26), 3.4), ...leaves,
    b.path('M0 -150 C14 -162 14 -182 0 -196 C-14 -182 -14 -162 0 -150 Z', b.colour(0, 44, 52)));
}
