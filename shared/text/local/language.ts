/** The commonest words of English that other languages do not have. */
const common = new Set(
  "the of and to for that on with by are at from its it be has this or have will which were been their more than would not but company said they our we you and".split(
    " ",
  ),
);

/** Of fewer words nobody can tell. */
const fewestWords = 12;
/** Share of common words from which a text is taken for English. */
const leastShare = 0.05;
/** Share of letters of other alphabets from which it is not. */
const mostOther = 0.3;

/** False for a text that is long enough to tell, and that the word lists can't read. */
export function isEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters - latin > mostOther * letters) return false;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < fewestWords) return true;
  const known = words.filter((word) => common.has(word)).length;
  return known / words.length >= leastShare;
}
