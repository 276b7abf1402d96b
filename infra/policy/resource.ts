/** A resource as the program asks for it. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Options that decide what a change may do to it. */
  readonly protect: boolean;
}

/** What a rule is told besides. */
export interface Setting {
  readonly environment: string;
  /** True where the configuration has no gateway, and tasks have public addresses. */
  readonly publicTasks: boolean;
  /** True while a protected stack is being taken down on purpose. */
  readonly teardown: boolean;
}

/** A promise that every stack keeps. */
export interface Rule {
  readonly name: string;
  /** What is promised, for whoever breaks it. */
  readonly promise: string;
  /** What breaks it; nothing when it is kept, or is none of its business. */
  readonly check: (resource: Resource, setting: Setting) => string[];
}

/** A statement of a policy document. */
export interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The statements of a policy document, JSON; none where there is no document. */
export function statementsOf(document: unknown): readonly PolicyStatement[] {
  if (typeof document !== "string") return [];
  const { Statement: all = [] } = JSON.parse(document) as {
    Statement?: PolicyStatement | readonly PolicyStatement[];
  };
  return [all].flat();
}

/** One or many as many. */
export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();
