/** Numbers in [0, 1), the same ones for the same seed on every machine. */
export interface Random {
  next(): number;
}

/** FNV-1a, 32 bits, over the UTF-16 code units of a text. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Chris Doty-Humphrey's sfc32 (PractRand), its state filled from the seed's text. */
export class SmallFastCounter implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#a = hash32(`a${seed}`) | 0;
    this.#b = hash32(`b${seed}`) | 0;
    this.#c = hash32(`c${seed}`) | 0;
    for (let i = 0; i < 15; i++) this.next();
  }

  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
}

/** Standard normal numbers, two at a time (Box and Muller 1958). */
export class Normal {
  #spare: number | undefined;

  constructor(private readonly random: Random) {}

  next(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.random.next()));
    const angle = 2 * Math.PI * this.random.next();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
