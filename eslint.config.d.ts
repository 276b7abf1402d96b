/** The floors of `shared/`, lowest first. */
export declare const floors: readonly string[];
