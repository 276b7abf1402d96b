import { MalformedRecord } from "../../errors.ts";
import { dayOfBytes, isAccession } from "./bytes.ts";
import type { FactFlaw, FactRows, Interner } from "./fact-rows.ts";
import { isPlain, JsonScanner } from "./json-scanner.ts";
import { issuerIdOf } from "./issuer-id.ts";

/** What a `companyfacts` body says of its company. */
export interface CompanyFacts {
  /** CIK of ten digits. */
  readonly issuerId: string;
  readonly name: string;
  /** Rows taken in, and put aside. */
  readonly facts: number;
  readonly rejected: number;
}

const none = -1;

/** What is read of a row, the most usual order first; `fy`, `fp` and `frame` are stepped over. */
const rowMembers = ["end", "val", "accn", "form", "filed", "start"] as const;

/**
 * Reads a body of EDGAR's `companyfacts` into columns. A period is its dates: `fy`, `fp` and `frame` name the filing or a
 * calendar's cell, and are stepped over.
 *
 * @param bytes JSON: `cik` (a number, or text with zeros in front), `entityName`, `facts` by taxonomy, concept and unit
 * @param into receives the rows; is as before when the body can't be read
 * @param today days since 1970 in New York when it was fetched: nothing can have been filed later
 * @param expected the CIK that it should be about, where somebody knows
 * @throws MalformedRecord when it is cut, is no JSON, or is about another company
 */
export function readCompanyFacts(
  bytes: Buffer,
  into: FactRows,
  today: number,
  expected?: string,
): CompanyFacts {
  const before = [into.rows, into.rejected.length] as const;
  try {
    return new Reader(bytes, into, today, expected).read();
  } catch (thrown) {
    into.rewind(...before);
    throw thrown;
  }
}

class Reader {
  readonly #scan: JsonScanner;
  readonly #into: FactRows;
  readonly #today: number;
  readonly #expected: string | undefined;
  #issuer = none;
  #taxonomy = none;
  #concept = none;
  #unit = none;
  // Of the row at hand.
  #start = NaN;
  #end = NaN;
  #filed = NaN;
  #value = NaN;
  #accession = none;
  #form = none;
  #flaw: FactFlaw | undefined;

  constructor(bytes: Buffer, into: FactRows, today: number, expected: string | undefined) {
    this.#scan = new JsonScanner(bytes);
    this.#into = into;
    this.#today = today;
    this.#expected = expected;
  }

  read(): CompanyFacts {
    const scan = this.#scan;
    const into = this.#into;
    const rows = into.rows;
    const rejected = into.rejected.length;
    let issuerId = this.#expected;
    let name = "";
    let factsAt = none;
    let isRead = false as boolean;
    if (scan.peek() !== 0x7b) scan.fail("an object");
    scan.object(() => {
      if (scan.is("cik")) {
        issuerId = issuerIdOf(this.#plainOrText());
        if (issuerId === undefined) scan.fail("a CIK of at most ten digits");
      } else if (scan.is("entityName")) {
        if (scan.peek() === 0x22) {
          scan.string();
          name = scan.text();
        } else scan.skip();
      } else if (scan.is("facts")) {
        factsAt = scan.at;
        // Nearly always the company is told first, and its facts need not be walked twice.
        if (issuerId === undefined) scan.skip();
        else {
          this.#readFacts(issuerId);
          isRead = true;
        }
      } else scan.skip();
    });
    if (scan.peek() !== -1) scan.fail("the end");
    if (issuerId === undefined || factsAt === none) {
      throw new MalformedRecord("Expected an object with cik and facts.");
    }
    if (this.#expected !== undefined && issuerId !== this.#expected) {
      throw new MalformedRecord(
        `Expected the facts of ${this.#expected}, got those of ${issuerId}.`,
      );
    }
    if (!isRead) {
      scan.at = factsAt;
      this.#readFacts(issuerId);
    }
    return {
      issuerId,
      name,
      facts: into.rows - rows,
      rejected: into.rejected.length - rejected,
    };
  }

  #readFacts(issuerId: string): void {
    const scan = this.#scan;
    this.#issuer = this.#into.issuers.codeOfText(issuerId);
    if (scan.peek() !== 0x7b) {
      scan.skip();
      return;
    }
    scan.object(() => {
      this.#readTaxonomy();
    });
  }

  #readTaxonomy(): void {
    const scan = this.#scan;
    this.#taxonomy = this.#codeIn(this.#into.taxonomies);
    scan.object(() => {
      this.#concept = this.#codeIn(this.#into.concepts);
      scan.object(() => {
        if (!scan.is("units")) {
          scan.skip();
          return;
        }
        scan.object(() => {
          this.#unit = this.#codeIn(this.#into.units);
          this.#readRows();
        });
      });
    });
  }

  #readRows(): void {
    const scan = this.#scan;
    const first = this.#into.rows;
    scan.expect("[");
    if (scan.accept(0x5d)) return;
    do {
      scan.peek();
      const from = scan.at;
      this.#readRow();
      this.#take(first, from);
    } while (scan.accept(0x2c));
    scan.expect("]");
  }

  #readRow(): void {
    const scan = this.#scan;
    this.#start = this.#end = this.#filed = this.#value = NaN;
    this.#accession = this.#form = none;
    this.#flaw = undefined;
    scan.expect("{");
    if (scan.accept(0x7d)) return;
    do {
      scan.string();
      const name = rowMembers.find((one) => scan.is(one));
      scan.expect(":");
      switch (name) {
        case "val":
          this.#readValue();
          break;
        case "end":
          this.#end = this.#day("no_period");
          break;
        case "start":
          if (scan.peek() === 0x6e) scan.skip();
          else this.#start = this.#day("no_period");
          break;
        case "filed":
          this.#filed = this.#day("no_filing_day");
          break;
        case "accn":
          this.#accession = this.#readAccession();
          break;
        case "form":
          if (scan.peek() === 0x22) {
            scan.string();
            this.#form = this.#codeIn(this.#into.forms);
          } else scan.skip();
          break;
        case undefined:
          scan.skip();
      }
    } while (scan.accept(0x2c));
    scan.expect("}");
  }

  #take(first: number, from: number): void {
    const into = this.#into;
    const flaw = this.#flaw ?? this.#flawOf();
    if (flaw !== undefined) {
      this.#reject(flaw, from);
      return;
    }
    const at = into.reserve();
    into.issuer[at] = this.#issuer;
    into.taxonomy[at] = this.#taxonomy;
    into.concept[at] = this.#concept;
    into.unit[at] = this.#unit;
    into.accession[at] = this.#accession;
    into.form[at] = this.#form === none ? into.forms.codeOfText("") : this.#form;
    into.start[at] = this.#start;
    into.end[at] = this.#end;
    into.filed[at] = this.#filed;
    into.value[at] = this.#value;
    const before = this.#sameFact(first, at);
    if (before === none) into.rows++;
    else if (into.value[before] !== this.#value) this.#reject("two_values", from);
  }

  /** An earlier row of the same fact. Rows come by period, so that it stands near. */
  #sameFact(first: number, at: number): number {
    const { start, end, accession } = this.#into;
    for (let row = at - 1; row >= first && end[row] === end[at]; row--) {
      if (accession[row] !== accession[at]) continue;
      if (start[row] === start[at] || (Number.isNaN(start[row]!) && Number.isNaN(start[at]!))) {
        return row;
      }
    }
    return none;
  }

  #flawOf(): FactFlaw | undefined {
    if (Number.isNaN(this.#value)) return "no_value";
    if (Number.isNaN(this.#end)) return "no_period";
    if (this.#start > this.#end) return "end_before_start";
    if (this.#accession === none) return "no_accession";
    if (Number.isNaN(this.#filed)) return "no_filing_day";
    if (this.#filed > this.#today) return "filed_in_future";
    if (Math.abs(this.#value) > Number.MAX_SAFE_INTEGER) return "value_not_exact";
    return undefined;
  }

  #reject(reason: FactFlaw, from: number): void {
    const { texts: taxonomies } = this.#into.taxonomies;
    const { texts: concepts } = this.#into.concepts;
    const { texts: units } = this.#into.units;
    const fact = `${taxonomies[this.#taxonomy]!}:${concepts[this.#concept]!} ${units[this.#unit]!}`;
    this.#into.rejected.push({
      reason,
      record: `${fact} ${this.#scan.bytes.toString("utf8", from, this.#scan.at)}`,
      issuerId: this.#into.issuers.texts[this.#issuer]!,
    });
  }

  #readValue(): void {
    const scan = this.#scan;
    const { bytes } = scan;
    const first = scan.peek();
    if (first === 0x22) {
      scan.string();
      this.#flaw ??= "value_is_text";
      return;
    }
    if (first === 0x7b || first === 0x5b) {
      scan.skip();
      this.#flaw ??= "no_value";
      return;
    }
    const from = scan.at;
    let at = from;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    let whole = 0;
    const digits = at;
    for (; at < bytes.length; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    const count = at - digits;
    const plain = count === 1 || (count > 0 && count <= 15 && bytes[digits] !== 0x30);
    if (plain && !(at < bytes.length && isPlain(bytes[at]!))) {
      scan.at = at;
      this.#value = negative ? -whole : whole;
      return;
    }
    while (at < bytes.length && isPlain(bytes[at]!)) at++;
    if (at === from) scan.fail("a value");
    const text = bytes.toString("latin1", from, at);
    scan.at = at;
    if (text === "null") return;
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
      scan.at = from;
      scan.fail("a number");
    }
    this.#value = Number(text);
  }

  /** A string as a day, `YYYY-MM-DD`; NaN, and a flaw, for everything else. */
  #day(flaw: FactFlaw): number {
    const scan = this.#scan;
    if (scan.peek() !== 0x22) {
      scan.skip();
      this.#flaw ??= flaw;
      return NaN;
    }
    scan.string();
    const day = dayOfBytes(scan.bytes, scan.from, scan.to);
    if (Number.isNaN(day)) this.#flaw ??= flaw;
    return day;
  }

  #readAccession(): number {
    const scan = this.#scan;
    if (scan.peek() !== 0x22) {
      scan.skip();
      return none;
    }
    scan.string();
    return isAccession(scan.bytes, scan.from, scan.to)
      ? this.#into.accessions.codeOf(scan.bytes, scan.from, scan.to)
      : none;
  }

  /** The number of the string that was read last. */
  #codeIn(texts: Interner): number {
    const { bytes, from, to, escaped } = this.#scan;
    return escaped ? texts.codeOfText(this.#scan.text()) : texts.codeOf(bytes, from, to);
  }

  #plainOrText(): string {
    const scan = this.#scan;
    if (scan.peek() === 0x22) {
      scan.string();
      return scan.text();
    }
    const from = scan.at;
    scan.skip();
    return scan.bytes.toString("latin1", from, scan.at);
  }
}
