/** A fashion show: a lit catwalk, one figure, the heads of the first rows. */
export function runway(b) {
  const { colour, between } = b;
  const centre = 320 + between(64, 104);
  const wall = b.down([0, colour(-20, 38, 9)], [0.62, colour(8, 44, 20)], [1, colour(-10, 40, 8)]);
  const halo = b.glow([0, colour(30, 90, 72, 0.75)], [0.45, colour(20, 70, 52, 0.28)], [1, colour(10, 60, 30, 0)]);
  const floor = b.down([0, colour(30, 70, 86)], [1, colour(10, 34, 40)]);
  const beam = b.down([0, colour(34, 90, 88, 0.5)], [1, colour(34, 90, 80, 0)]);
  return [
    b.rect(0, 0, 640, 360, wall),
    ...columns(b, centre),
    b.ellipse(centre, 150, 250, 190, halo),
    b.path(`M${centre - 26} 196 L${centre + 26} 196 L${centre + 205} 360 L${centre - 205} 360 Z`, floor),
    b.path(`M${centre - 26} 196 L${centre - 205} 360 M${centre + 26} 196 L${centre + 205} 360`, 'none', { stroke: colour(36, 95, 92, 0.9), 'stroke-width': 1.6 }),
    ...[-190, -60, 70, 200].map(from => b.path(`M${centre + from} -10 L${centre + from * 0.2 - 46} 300 L${centre + from * 0.2 + 46} 300 Z`, beam)),
    figure(b, centre),
    ...audience(b, centre),
  ];
}

function columns(b, centre) {
  return [-3, -2, -1, 1, 2, 3].map(place => {
    const x = centre + place * 78 + Math.sign(place) * 14;
    return b.rect(x - 9, 18, 18, 190, b.colour(16, 46, 30, 0.34 - Math.abs(place) * 0.07), { rx: 9 });
  });
}

/** A walking figure in a coat that opens to the hem. */
function figure(b, x) {
  const cloth = b.across([0, b.colour(-30, 66, 54)], [0.55, b.colour(-8, 74, 42)], [1, b.colour(-40, 60, 22)]);
  const dark = b.colour(-20, 36, 10);
  return b.group({ transform: `translate(${x} 118)` },
    b.ellipse(0, 176, 58, 8, b.colour(-20, 50, 8, 0.45)),
    b.path('M-9 118 L-15 172 L-7 174 L0 122 L9 174 L17 171 L9 118 Z', dark),
    b.path('M-20 34 C-24 58 -34 96 -52 140 C-30 150 30 150 54 138 C36 96 25 58 20 34 C12 28 -12 28 -20 34 Z', cloth),
    b.path('M-3 32 L-10 146 L12 146 L4 32 Z', b.colour(20, 60, 88, 0.28)),
    b.path('M-20 36 C-32 52 -36 72 -32 92 M20 36 C34 54 36 74 28 90', 'none', { stroke: b.colour(-30, 60, 36), 'stroke-width': 9, 'stroke-linecap': 'round' }),
    b.rect(-5, 18, 10, 16, 'hsl(22 42% 62%)', { rx: 4 }),
    b.ellipse(0, 9, 12, 15, 'hsl(22 48% 69%)'),
    b.path('M-14 10 C-18 -14 18 -16 14 10 C10 0 -4 -4 -14 10 Z', dark));
}

function audience(b, centre) {
  const heads = [];
  for (let row = 0; row < 2; row++) {
    for (let seat = 0; seat < 15; seat++) {
      const x = seat * 46 + (row === 0 ? 12 : -12) + b.between(-5, 5);
      const clear = 150 + row * 50;
      if (Math.abs(x - centre) < clear) continue;
      const y = 306 + row * 34 + b.between(-4, 4);
      const shade = b.colour(-20, 36, row === 0 ? 11 : 6);
      heads.push(b.circle(x, y, 13 + row * 4, shade), b.ellipse(x, y + 38 + row * 4, 25 + row * 5, 26, shade));
    }
  }
  return heads;
}
