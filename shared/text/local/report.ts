import { categories, type Category, type Notes, type ReportAnswer } from "../answers.ts";
import { pagedSentences, type PagedSentence } from "./sentences.ts";
import { sentimentOf, toneOf } from "./sentiment.ts";

/** Words by which a sentence is taken for one of a category. */
const keywords: Readonly<Record<Category, RegExp>> = {
  "CEO statement":
    /\b(shareholders?|shareowners?|chairman|chief executive|our (?:people|team|customers|mission|purpose)|i am|we are proud|on behalf)\b/gi,
  "ESG initiatives":
    /\b(sustainab\w*|climate|carbon|emissions?|environmental|renewable|diversity|inclusion|governance|human capital|communit(?:y|ies)|safety)\b/gi,
  "Market trends and competitive landscape":
    /\b(compet\w+|market share|industry|demand|trends?|rivals?|pricing pressure|customers? preferences?|markets?)\b/gi,
  "Risk factors":
    /\b(risks?|adverse\w*|uncertain\w*|could (?:harm|affect|result)|may (?:not|adversely|be unable)|litigation|cyber\w*|breach\w*|depend\w*)\b/gi,
  "Strategic priorities":
    /\b(strateg\w+|priorit\w+|invest\w*|growth|expand\w*|innovat\w+|transform\w*|acqui\w+|long-term|focus\w*|roadmap)\b/gi,
};

const notesOfPart = 2;
const dataOfPart = 3;
const changed =
  /\b(compared (?:to|with)|prior year|previous year|year[- ]over[- ]year|versus|from (?:19|20)\d\d)\b/i;

/** Notes of a part: for each category the sentences with the most of its words. */
export function notesOf(text: string): Notes {
  const sentences = pagedSentences(text);
  return categories.flatMap((category) => {
    const own = sentences
      .map((sentence, at) => ({ sentence, at, hits: hitsOf(sentence, category) }))
      .filter(({ hits }) => hits >= 2)
      .sort((a, b) => b.hits - a.hits || a.at - b.at);
    if (own.length === 0) return [];
    const told = own.slice(0, notesOfPart).sort((a, b) => a.at - b.at);
    return [
      {
        category,
        note: told.map(({ sentence }) => sentence.text).join(" "),
        change: own.find(({ sentence }) => changed.test(sentence.text))?.sentence.text ?? "",
        key_data: own
          .filter(({ sentence }) => /\d/.test(sentence.text))
          .slice(0, dataOfPart)
          .map(({ sentence: { page, text: quote } }) => ({ text: shortened(quote), page, quote })),
      },
    ];
  });
}

function hitsOf({ text }: PagedSentence, category: Category): number {
  return new Set((text.match(keywords[category]) ?? []).map((word) => word.toLowerCase())).size;
}

const shortened = (text: string): string =>
  text.length <= 160 ? text : `${text.slice(0, 157)}...`;

/**
 * A report of notes. Its ratings are the balance of the notes' words and nothing else, and say so; of what there are no notes
 * there is no rating.
 */
export function reportOf(notes: Notes): ReportAnswer {
  const items = categories.map((category): ReportAnswer["items"][number] => {
    const own = notes.filter((note) => note.category === category);
    const words = own.map(({ note }) => note).join(" ");
    if (own.length === 0) {
      return {
        category,
        summary: "The word lists find nothing of it in the report.",
        key_data: [],
        year_over_year_change: "",
        rating: null,
        rating_justification: "No sentence, no rating.",
      };
    }
    const { positive, negative } = toneOf(words);
    return {
      category,
      summary: shortTexts(own.map(({ note }) => note)),
      key_data: own.flatMap(({ key_data }) => key_data).slice(0, 5),
      year_over_year_change: own.find(({ change }) => change !== "")?.change ?? "",
      // Words that say nothing either way are no five.
      rating: positive + negative === 0 ? null : Math.round((5 + 5 * sentimentOf(words)) * 10) / 10,
      rating_justification: `Balance of words by lists, no judgement: ${positive.toFixed(1)} for, ${negative.toFixed(1)} against, in ${own.length} ${own.length === 1 ? "note" : "notes"}.`,
    };
  });
  const overall = sentimentOf(notes.map(({ note }) => note).join(" "));
  const word = overall > 0.1 ? "positive" : overall < -0.1 ? "negative" : "even";
  return {
    items,
    overall_assessment: `By word lists the notes of this report are ${word} on balance (${overall.toFixed(2)} on a scale from -1 to 1).`,
    investment_recommendation:
      "None: word lists weigh words, and recommend nothing. Use a language model for a judgement.",
  };
}

/** Two or three sentences of several notes. */
function shortTexts(notes: readonly string[]): string {
  const sentences = notes.flatMap((note) => note.split(/(?<=[.!?])\s+(?=[A-Z"“(])/));
  return [...new Set(sentences)].slice(0, 3).join(" ");
}
