/** Someone talks about a product: a phone with a face, the bottle, the stars. */
export function review(b) {
  const { colour } = b;
  const mirrored = b.random() > 0.5;
  return [
    b.rect(0, 0, 640, 360, b.across([0, colour(6, 78, 88)], [1, colour(-18, 68, 70)])),
    b.circle(470, 110, 210, colour(22, 90, 92, 0.55)),
    b.circle(120, 330, 150, colour(-24, 70, 60, 0.4)),
    b.group(mirrored ? { transform: 'translate(640 0) scale(-1 1)' } : {}, phone(b), bottle(b), bubble(b)),
  ];
}

function phone(b) {
  const { colour } = b;
  const screen = b.down([0, colour(14, 60, 96)], [1, colour(-8, 62, 82)]);
  const skin = colour(10, 58, 76);
  const hair = colour(-10, 42, 20);
  return b.group({ transform: 'translate(132 30) rotate(-4 85 150)' },
    b.rect(8, 14, 176, 316, colour(-20, 50, 30, 0.22), { rx: 30 }),
    b.rect(0, 0, 176, 316, colour(-10, 34, 14), { rx: 30 }),
    b.rect(8, 8, 160, 300, screen, { rx: 23 }),
    b.path('M48 128 C34 48 142 48 128 128 L136 200 L40 200 Z', hair),
    b.path('M20 308 C20 226 62 208 88 208 C114 208 156 226 156 308 Z', colour(-40, 48, 46)),
    b.rect(75, 160, 26, 56, skin, { rx: 13 }),
    b.ellipse(88, 132, 34, 44, skin),
    b.path('M53 130 C54 84 98 78 104 96 C112 110 122 112 123 134 C132 70 46 62 53 130 Z', hair),
    b.line('M72 134 q5 4 10 0 M94 134 q5 4 10 0', hair, 2.6),
    b.line('M78 154 q10 9 20 0', colour(-14, 60, 46), 3),
    b.rect(20, 270, 136, 6, colour(0, 0, 100, 0.5), { rx: 3 }),
    b.rect(20, 270, b.between(40, 96), 6, colour(0, 0, 100), { rx: 3 }),
    b.circle(36, 36, 5, colour(-14, 90, 55)),
    b.rect(48, 32, 34, 8, colour(-10, 40, 30, 0.35), { rx: 4 }));
}

function bottle(b) {
  const { colour } = b;
  const glass = b.across([0, colour(-6, 74, 72)], [0.5, colour(-16, 66, 54)], [1, colour(-26, 62, 38)]);
  return b.group({ transform: 'translate(424 118)' },
    b.ellipse(46, 214, 92, 14, colour(-24, 50, 34, 0.24)),
    b.rect(-30, 186, 152, 30, b.down([0, colour(10, 70, 96)], [1, colour(0, 56, 84)]), { rx: 8 }),
    b.rect(24, 0, 44, 50, colour(-10, 34, 18), { rx: 6 }),
    b.rect(30, 44, 32, 18, colour(20, 70, 78)),
    b.rect(0, 58, 92, 130, glass, { rx: 18 }),
    b.rect(14, 100, 64, 54, colour(16, 70, 96, 0.92), { rx: 5 }),
    b.rect(26, 116, 40, 5, colour(-16, 50, 42), { rx: 2.5 }),
    b.rect(32, 129, 28, 4, colour(-16, 40, 62), { rx: 2 }),
    b.rect(8, 70, 9, 104, colour(0, 0, 100, 0.45), { rx: 4.5 }));
}

function bubble(b) {
  const { colour } = b;
  const star = x => b.path(`M${x} -9 l2.8 5.8 6.4 .9 -4.6 4.4 1.1 6.3 -5.7 -3 -5.7 3 1.1 -6.3 -4.6 -4.4 6.4 -.9 Z`, colour(24, 92, 54));
  return b.group({ transform: 'translate(338 66)' },
    b.path('M0 -26 H140 a22 22 0 0 1 22 22 a22 22 0 0 1 -22 22 H24 L-6 34 L2 16 a22 22 0 0 1 -2 -42 Z', colour(10, 80, 99)),
    ...[14, 42, 70, 98, 126].map(x => b.group({ transform: 'translate(0 -4)' }, star(x))));
}
