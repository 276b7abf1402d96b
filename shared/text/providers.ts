/** Where models run. */
export const providers = ["local", "bedrock"] as const;
export type ProviderName = (typeof providers)[number];
