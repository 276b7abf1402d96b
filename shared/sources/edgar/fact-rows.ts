import { Buffer } from "node:buffer";

/** Texts that recur, each with a number: finds them by their bytes, so that no string is made of one seen before. */
export class Interner {
  readonly texts: string[] = [];
  #bytes: Buffer[] = [];
  #slots = new Int32Array(1024).fill(-1);

  /** The number of the text in `bytes[from .. to)`, UTF-8. */
  codeOf(bytes: Buffer, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(bytes, from, to) & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot]!;
      if (code < 0) return this.#add(bytes, from, to);
      if (same(this.#bytes[code]!, bytes, from, to)) return code;
    }
  }

  /** The number of a text. */
  codeOfText(text: string): number {
    const bytes = Buffer.from(text, "utf8");
    return this.codeOf(bytes, 0, bytes.length);
  }

  #add(bytes: Buffer, from: number, to: number): number {
    if (2 * this.texts.length >= this.#slots.length) this.#widen();
    const own = Buffer.from(bytes.subarray(from, to));
    const code = this.texts.push(own.toString("utf8")) - 1;
    this.#bytes.push(own);
    this.#place(code);
    return code;
  }

  #place(code: number): void {
    const own = this.#bytes[code]!;
    const mask = this.#slots.length - 1;
    let slot = hashOf(own, 0, own.length) & mask;
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code;
  }

  #widen(): void {
    this.#slots = new Int32Array(4 * this.#slots.length).fill(-1);
    for (let code = 0; code < this.texts.length; code++) this.#place(code);
  }
}

/** FNV-1a, its high bits folded in. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c_9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193);
  return hash ^ (hash >>> 15);
}

function same(own: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (own.length !== to - from) return false;
  for (let at = 0; at < own.length; at++) if (own[at] !== bytes[from + at]) return false;
  return true;
}

/** A fact that can't be taken in, and why. */
export interface RejectedFact {
  readonly reason: FactFlaw;
  /** What came, as text. */
  readonly record: string;
  readonly issuerId: string;
}

export type FactFlaw =
  | "no_value" // null, or none
  | "value_is_text"
  | "value_not_exact" // beyond 2^53: a double can't hold it to the unit
  | "no_period" // an end that is no day
  | "end_before_start"
  | "no_accession"
  | "no_filing_day"
  | "filed_in_future" // after the day on which it was fetched
  | "two_values"; // one filing gives one fact two values: the first stays

/** Facts by columns, of any number of companies; grows. Instants have NaN for a start. */
export class FactRows {
  rows = 0;
  readonly issuers = new Interner();
  readonly taxonomies = new Interner();
  readonly concepts = new Interner();
  readonly units = new Interner();
  readonly accessions = new Interner();
  readonly forms = new Interner();
  readonly rejected: RejectedFact[] = [];
  issuer = new Uint32Array(65_536);
  taxonomy = new Uint32Array(65_536);
  concept = new Uint32Array(65_536);
  unit = new Uint32Array(65_536);
  accession = new Uint32Array(65_536);
  form = new Uint32Array(65_536);
  /** Days since 1970. */
  start = new Float64Array(65_536);
  end = new Int32Array(65_536);
  filed = new Uint16Array(65_536);
  value = new Float64Array(65_536);

  /** Makes room for one more. */
  reserve(): number {
    if (this.rows === this.value.length) this.#grow();
    return this.rows;
  }

  /** Takes back what came after so many rows and rejected ones. */
  rewind(rows: number, rejected: number): void {
    this.rows = rows;
    this.rejected.length = rejected;
  }

  #grow(): void {
    const length = 2 * this.value.length;
    const wider = <Column extends Uint32Array | Float64Array | Int32Array | Uint16Array>(
      Kind: new (length: number) => Column,
      column: Column,
    ): Column => {
      const copy = new Kind(length);
      copy.set(column);
      return copy;
    };
    this.issuer = wider(Uint32Array, this.issuer);
    this.taxonomy = wider(Uint32Array, this.taxonomy);
    this.concept = wider(Uint32Array, this.concept);
    this.unit = wider(Uint32Array, this.unit);
    this.accession = wider(Uint32Array, this.accession);
    this.form = wider(Uint32Array, this.form);
    this.start = wider(Float64Array, this.start);
    this.end = wider(Int32Array, this.end);
    this.filed = wider(Uint16Array, this.filed);
    this.value = wider(Float64Array, this.value);
  }
}
