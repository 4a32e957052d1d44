/** Coffee: morning hills, a cup, its steam, the beans. */
export function coffee(b) {
  const { colour, between } = b;
  const sun = between(420, 500);
  return [
    b.rect(0, 0, 640, 360, b.down([0, colour(4, 70, 90)], [0.7, colour(-8, 72, 78)], [1, colour(-10, 60, 66)])),
    b.circle(sun, 118, between(62, 80), b.down([0, colour(14, 96, 78)], [1, colour(-6, 88, 66)])),
    b.path(`M0 206 C110 ${between(130, 160)} 220 ${between(196, 220)} 330 184 S540 ${between(128, 160)} 640 196 V360 H0 Z`, colour(-8, 38, 56)),
    b.path('M0 246 C150 204 260 262 400 232 S580 214 640 240 V360 H0 Z', colour(-10, 40, 38)),
    b.rect(0, 278, 640, 82, b.down([0, colour(-12, 44, 25)], [1, colour(-12, 46, 13)])),
    steam(b),
    cup(b),
    ...Array.from({ length: 7 }, (_, place) => bean(b, 70 + place * 84 + between(-18, 18), 318 + between(-14, 22), between(0, 180))),
  ];
}

function cup(b) {
  const { colour } = b;
  const glaze = b.across([0, colour(8, 60, 98)], [0.6, colour(2, 44, 90)], [1, colour(-6, 36, 70)]);
  return b.group({ transform: 'translate(320 196)' },
    b.ellipse(0, 98, 128, 13, colour(-12, 60, 8, 0.42)),
    b.path('M78 14 C128 4 132 66 66 62', 'none', { stroke: glaze, 'stroke-width': 14, 'stroke-linecap': 'round' }),
    b.path('M-88 0 H88 C88 56 62 94 30 96 H-30 C-62 94 -88 56 -88 0 Z', glaze),
    b.ellipse(0, 0, 88, 15, colour(0, 30, 84)),
    b.ellipse(0, 2, 78, 11, b.across([0, colour(-8, 62, 30)], [1, colour(-12, 60, 14)])),
    b.path('M-72 14 C-70 46 -56 70 -44 80', 'none', { stroke: colour(8, 60, 100, 0.8), 'stroke-width': 6, 'stroke-linecap': 'round' }));
}

const steam = b => b.group({ transform: 'translate(320 176)' }, ...[-34, 0, 34].map((x, place) => b.line(
  `M${x} 0 C${x - 22} -28 ${x + 22} -52 ${x} ${-84 - place * 12} C${x - 12} ${-106 - place * 12} ${x + 8} -118 ${x + 4} ${-132 - place * 6}`,
  b.colour(10, 60, 98, 0.6), 6)));

const bean = (b, x, y, turn) => b.group({ transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(0)})` },
  b.ellipse(0, 0, 16, 11, b.colour(-8, 48, 34)),
  b.line('M-13 0 C-5 -6 5 6 13 0', b.colour(-12, 50, 14), 2.2));
