/** What Tavily may be searched in: `news` has publication times, the others have none. */
export const topics = ["news", "finance", "general"] as const;
export type TavilyTopic = (typeof topics)[number];
