// What a producer uploads, made here.

/** A sound: one note, as long as this many seconds. */
export function wav(seconds, rate = 44_100) {
  const count = seconds * rate;
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + count * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  // PCM, one channel, 16 bits.
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(count * 2, 40);
  for (let place = 0; place < count; place += 1) {
    const wave = Math.sin((2 * Math.PI * 220 * place) / rate);
    file.writeInt16LE(Math.round(12_000 * wave), 44 + place * 2);
  }
  return { name: 'night-train.wav', mimeType: 'audio/wav', buffer: file };
}

/** A picture: a square of the page that is open. */
export async function png(page) {
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 300 } });
  return { name: 'cover.png', mimeType: 'image/png', buffer };
}
