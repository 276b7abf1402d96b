import { InvalidInput } from "../errors.ts";
import { costOf, type LanguageModel } from "./model.ts";

/** Dollars that may be spent, and those that are: what is under way is counted at the most that it may cost. */
export class Budget {
  readonly #limitUsd: number;
  readonly #price: LanguageModel["price"];
  #spentUsd = 0;
  #reservedUsd = 0;

  /**
   * @param limitUsd no limit when undefined
   * @throws InvalidInput for a budget that buys nothing, or a model whose price nobody knows
   */
  constructor(limitUsd: number | undefined, model: LanguageModel) {
    if (limitUsd !== undefined && !(limitUsd > 0)) {
      throw new InvalidInput(
        `--budget-usd: expected more than 0, got ${limitUsd}: nothing can be bought for it.`,
      );
    }
    if (limitUsd !== undefined && model.price === undefined) {
      throw new InvalidInput(
        `--budget-usd: nobody knows the price of ${model.model}, so that a budget can't be kept; leave it out, or add the model to shared/text/models.ts.`,
      );
    }
    this.#limitUsd = limitUsd ?? Infinity;
    this.#price = model.price;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /**
   * Sets the most that a score may cost aside: its question, and once more with the answer that was none.
   *
   * @param share of the price that the first question costs
   * @returns undefined when there is not so much left; else what is to be called with what it did cost
   */
  reserve(
    tokens: { in: number; out: number },
    share = 1,
  ): ((spentUsd: number) => void) | undefined {
    const first = costOf(this.#price, tokens.in, tokens.out) ?? 0;
    const again = costOf(this.#price, tokens.in + tokens.out, tokens.out) ?? 0;
    const most = share * first + again;
    if (this.#spentUsd + this.#reservedUsd + most > this.#limitUsd) return undefined;
    this.#reservedUsd += most;
    return (spentUsd) => {
      this.#reservedUsd -= most;
      this.#spentUsd += spentUsd;
    };
  }
}
