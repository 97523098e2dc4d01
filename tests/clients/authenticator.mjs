// An authenticator app (RFC 6238): SHA-1, six digits, steps of 30 seconds.

import { createHmac } from 'node:crypto';

const STEP = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An app that has read the QR code's `otpauth://` address. */
export class Authenticator {
  #secret;
  #last = 0;

  constructor(otpauth) {
    const url = new URL(otpauth);
    this.secretKey = url.searchParams.get('secret');
    this.issuer = url.searchParams.get('issuer');
    this.label = decodeURIComponent(url.pathname.split('/').pop());
    this.#secret = fromBase32(this.secretKey);
  }

  /**
   * A code that was not typed before: each counts once. The clock's own step is preferred from its
   * neighbours, which count too, so that a walk does not have to wait half a minute for the next.
   */
  async next() {
    for (;;) {
      const now = Math.floor(Date.now() / 1000 / STEP);
      const step = Math.max(this.#last + 1, now - 1);
      if (step <= now + 1) {
        this.#last = step;
        return this.#code(step);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Six digits that are the code of no moment near. */
  wrong() {
    const now = Math.floor(Date.now() / 1000 / STEP);
    const near = new Set();
    for (let step = now - 200; step <= now + 200; step += 1) near.add(this.#code(step));
    for (let number = 0; ; number += 1) {
      const code = String(number).padStart(6, '0');
      if (!near.has(code)) return code;
    }
  }

  #code(step) {
    const moment = Buffer.alloc(8);
    moment.writeBigUInt64BE(BigInt(step));
    const hash = createHmac('sha1', this.#secret).update(moment).digest();
    const number = hash.readUInt32BE(hash.at(-1) & 0xf) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }
}

function fromBase32(text) {
  let bits = '';
  for (const letter of text.replace(/=+$/, '')) {
    bits += ALPHABET.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
