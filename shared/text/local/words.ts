// A word list of our own for financial English, written for this project: stems that end in * stand for all words that begin so.

/** Words that are good or bad news by themselves, with their strength. */
export const valence: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [
        0.7,
        "beat beats outperform* upgrad* breakthrough* award* profitable record-high win wins won winning excellent outstanding surge* soar* boom* thriv* triumph* rebound* recover* successful* success",
      ],
      [
        0.45,
        "strong* gain* improv* good better best favourabl* favorabl* positive* benefit* advantage* opportunit* growth solid robust healthy optimis* confident upbeat attractive expand* expansion innovat* leading leader agreement agreed contract order orders partnership cooperat* acqui* launch* approv* dividend* buyback* exceed* ahead efficien* strengthen* boost* enhanc* attain* achiev* progress* reward* sign signed secured pleased",
      ],
      [
        -0.7,
        "bankrupt* insolven* fraud* default* plunge* plummet* collaps* crash* scandal* crisis slump* disaster* catastroph* indict* bribe* misconduct terminat* impair* layoff* lay-off* laid-off miss misses missed downgrad* restat*",
      ],
      [
        -0.45,
        "weak* poor* bad worse worst negative* decline* declin* loss losses losing lost lose fail* failure* lawsuit* litigat* investigat* penalt* fine fined warn* risk* concern* uncertain* difficult* challeng* adverse* delay* disrupt* shortage* recall* cut cuts cutting dismiss* redundan* strike* dispute* complain* violat* breach* problem* threat* hurt* harm* damage* suffer* struggl* disappoint* deteriorat* volatil* unfavourabl* unfavorabl* pessimis* restructur* writedown* write-down* writeoff* write-off* suspend* halt* shut* clos* reduc*",
      ],
    ] as const
  ).flatMap(([strength, words]) => words.split(" ").map((word) => [word, strength])),
);

/** Words that say that something grew, or shrank. */
export const rising =
  "rose rise rises rising risen increas* grew grow grows growing grown climb* up higher jump* advanc* doubl* tripl* widen* accelerat* rallied rally topped top".split(
    " ",
  );
export const falling =
  "fell fall falls falling fallen decreas* drop* down lower slid slide* shrank shrink* narrow* dip* sank sink* slow* contract* tumbl* halv* eased dwindl* diminish*".split(
    " ",
  );

/** What it is good to have less of. */
export const burdens =
  "loss losses cost costs expens* debt* liabilit* unemployment tax taxes impairment* charges charge provision* default* complaint* deficit* defect* injur* emission* interest inventor* turnover-rate delinquen* write-off*".split(
    " ",
  );

/** What moves. Without one of these beside it, a word of movement says nothing of business. */
export const quantities =
  "profit* sales revenue* income earnings ebit* margin* turnover orders order backlog demand volume* eps dividend* share* stock* price* market cash result* output production traffic guidance outlook forecast* deliver* customer* subscriber* value assets return* yield* index loss losses cost costs expens* debt* net operating".split(
    " ",
  );

export const negations =
  "not no never neither nor none without cannot can't won't don't doesn't didn't isn't wasn't aren't weren't hardly barely lack lacks lacking fails failed".split(
    " ",
  );

export const intensities: Readonly<Record<string, number>> = {
  very: 1.4,
  extremely: 1.7,
  significantly: 1.4,
  significant: 1.3,
  sharply: 1.5,
  sharp: 1.3,
  strongly: 1.4,
  substantially: 1.4,
  substantial: 1.3,
  considerably: 1.3,
  dramatically: 1.5,
  heavily: 1.4,
  clearly: 1.2,
  slightly: 0.6,
  somewhat: 0.7,
  marginally: 0.5,
  modestly: 0.7,
  modest: 0.7,
  little: 0.7,
  partly: 0.7,
};
