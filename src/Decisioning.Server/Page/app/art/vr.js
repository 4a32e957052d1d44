/** A trial in virtual space: horizon, grid, a visor and the thing tried on. */
export function vr(b) {
  const { colour, between } = b;
  const lines = [];
  for (let i = -12; i <= 12; i++) lines.push(`M${320 + i * 16} 236 L${320 + i * 92} 360`);
  for (const y of [240, 247, 258, 273, 293, 320, 354]) lines.push(`M0 ${y} H640`);
  const sky = b.down([0, colour(6, 62, 8)], [0.5, colour(-6, 62, 20)], [0.66, colour(-40, 64, 40)], [0.67, colour(0, 66, 10)], [1, colour(0, 70, 5)]);
  return [
    b.rect(0, 0, 640, 360, sky),
    ...Array.from({ length: 46 }, () => b.circle(between(0, 640), between(0, 200), between(0.5, 1.7), colour(-30, 80, 90, between(0.25, 0.9)))),
    b.circle(320, 178, 132, b.down([0, colour(-60, 92, 74)], [0.7, colour(-20, 86, 54, 0.9)], [1, colour(0, 80, 40, 0)])),
    b.rect(0, 236, 640, 124, b.down([0, colour(-10, 62, 15)], [1, colour(4, 66, 6)])),
    b.line(lines.join(' '), colour(-44, 92, 66, 0.5), 1.1),
    b.line('M0 236 H640', colour(-50, 96, 80), 1.6),
    ...[168, 204].map((r, i) => b.ellipse(320, 178, r + 30, r * 0.3, 'none', { stroke: colour(-40, 90, 76, 0.4 - i * 0.16), 'stroke-width': 1.4, 'stroke-dasharray': i ? '2 9' : null, transform: 'rotate(-9 320 178)' })),
    visor(b),
    ...[[138, 112], [516, 92], [540, 214]].map(([x, y]) => cube(b, x + between(-14, 14), y + between(-12, 12), between(15, 25))),
  ];
}

function visor(b) {
  const { colour } = b;
  const shell = b.down([0, colour(-16, 40, 97)], [1, colour(-8, 34, 72)]);
  const glass = b.across([0, colour(-64, 84, 60)], [0.45, colour(0, 74, 30)], [1, colour(30, 80, 46)]);
  return b.group({ transform: 'translate(320 176) rotate(-4)' },
    b.path('M-108 -18 C-150 -40 -150 40 -104 24 M108 -18 C150 -40 150 40 104 24', 'none', { stroke: colour(0, 40, 16), 'stroke-width': 17, 'stroke-linecap': 'round' }),
    b.ellipse(0, 84, 110, 10, colour(0, 70, 5, 0.55)),
    b.path('M-112 -34 C-112 -58 -92 -62 -60 -63 H60 C92 -62 112 -58 112 -34 V24 C112 54 88 60 62 60 C34 60 28 36 0 36 C-28 36 -34 60 -62 60 C-88 60 -112 54 -112 24 Z', shell),
    b.path('M-96 -30 C-96 -46 -82 -48 -58 -49 H58 C82 -48 96 -46 96 -30 V16 C96 38 80 42 62 42 C40 42 30 21 0 21 C-30 21 -40 42 -62 42 C-80 42 -96 38 -96 16 Z', glass),
    b.path('M-82 -34 C-60 -42 -20 -42 6 -41 L-46 28 C-66 34 -82 24 -82 8 Z', colour(-40, 90, 92, 0.22)));
}

function cube(b, x, y, r) {
  const { colour } = b;
  return b.group({ transform: `translate(${x} ${y})` },
    b.path(`M0 ${-r} L${r} ${-r / 2} L0 0 L${-r} ${-r / 2} Z`, colour(-60, 86, 78)),
    b.path(`M${-r} ${-r / 2} L0 0 V${r} L${-r} ${r / 2} Z`, colour(-20, 72, 52)),
    b.path(`M${r} ${-r / 2} L0 0 V${r} L${r} ${r / 2} Z`, colour(6, 66, 34)));
}
