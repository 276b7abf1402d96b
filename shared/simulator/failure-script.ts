/** Which requests fail, how, and how often. */
export interface FailureRule<Fault> {
  readonly fault: Fault;
  /** The subject (symbol) it hits, or a rule over subject and number of the request, 1-based; default every request. */
  readonly when?: string | ((subject: string, ordinal: number) => boolean);
  /** How many matching requests fail before it is over; default all. */
  readonly times?: number;
}

/** Failures on request: the first rule that matches and is not used up decides. */
export class FailureScript<Fault> {
  readonly #rules: { readonly rule: FailureRule<Fault>; left: number }[] = [];
  #ordinal = 0;

  constructor(rules: readonly FailureRule<Fault>[] = []) {
    for (const rule of rules) this.add(rule);
  }

  /** Appends a rule; it holds from the next request on. */
  add(rule: FailureRule<Fault>): void {
    this.#rules.push({ rule, left: rule.times ?? Infinity });
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault that the next request meets, if any. */
  next(subject: string): Fault | undefined {
    const ordinal = ++this.#ordinal;
    const hit = this.#rules.find(({ rule, left }) => left > 0 && matches(rule, subject, ordinal));
    if (hit === undefined) return undefined;
    hit.left--;
    return hit.rule.fault;
  }
}

function matches({ when }: FailureRule<unknown>, subject: string, ordinal: number): boolean {
  if (when === undefined) return true;
  return typeof when === "string" ? when === subject : when(subject, ordinal);
}
