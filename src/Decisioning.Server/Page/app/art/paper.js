/** Any other creative: cut paper, hills and a disc. */
export function paper(b) {
  const { colour, between } = b;
  const layers = [0, 1, 2, 3].map(place => {
    const y = 168 + place * 50 + between(-14, 14);
    const swing = between(34, 78) * (place % 2 ? -1 : 1);
    return b.path(`M-10 ${y} C140 ${y - swing} 240 ${y + swing} 380 ${y} S580 ${y - swing} 660 ${y} V370 H-10 Z`, b.down([0, colour(place * 16, 56, 70 - place * 14)], [1, colour(place * 16 + 10, 58, 58 - place * 13)]));
  });
  return [
    b.rect(0, 0, 640, 360, b.down([0, colour(-26, 58, 90)], [1, colour(10, 62, 80)])),
    b.circle(between(170, 470), between(92, 150), between(52, 80), b.down([0, 'hsl(44 96% 78%)'], [1, 'hsl(30 92% 66%)'])),
    ...Array.from({ length: 3 }, () => b.rect(between(20, 520), between(40, 130), between(60, 120), 9, colour(0, 0, 100, 0.6), { rx: 4.5 })),
    ...layers,
  ];
}
