/**
 * The error tree. Silence is the worst failure mode: every failure is one of these, and says what was expected, what came
 * and what to do.
 *
 *   QuarryError
 *   ├── SourceUnavailable   the vendor can't answer now (down, throttled): try again later        exit 75
 *   ├── SourceRejected      the vendor refuses us: fix the configuration                          exit 1
 *   ├── MalformedRecord     bytes came that are no row: quarantined, counted against a loss budget exit 1
 *   ├── InvalidInput        the caller's mistake: a flag, a file, a day                           exit 2
 *   ├── Busy                somebody else holds what we need (an embedded warehouse)              exit 75
 *   └── Failed              the work was done as asked and its outcome is a failure                exit 1
 */
export abstract class QuarryError extends Error {
  /** The exit code of the process when nobody catches it: 1 failed, 2 wrong input, 75 try again later. */
  abstract readonly exitCode: 1 | 2 | 75;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The source could not answer now; the same request may succeed later. */
export class SourceUnavailable extends QuarryError {
  readonly exitCode = 75;
  /** The source's own wish, from `Retry-After`; undefined when it said nothing. */
  readonly retryAfterMs: number | undefined;
  /** True when it answers, and says that it is asked too often. */
  readonly throttled: boolean;
  /** True when it forbids it, which some sources do where others throttle. */
  readonly forbidden: boolean;

  constructor(
    message: string,
    options?: ErrorOptions & {
      retryAfterMs?: number | undefined;
      throttled?: boolean;
      forbidden?: boolean;
    },
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
    this.forbidden = options?.forbidden ?? false;
    this.throttled = options?.throttled ?? this.forbidden;
  }
}

/** The source answered and will not serve us as we are configured (key, contact address, plan). */
export class SourceRejected extends QuarryError {
  readonly exitCode = 1;
}

/** Bytes came, and they are not what the source's format says. */
export class MalformedRecord extends QuarryError {
  readonly exitCode = 1;
}

/** The caller's mistake: wrong flag, file, day, name. */
export class InvalidInput extends QuarryError {
  readonly exitCode = 2;
}

/** Something that only one process may hold is held by another. */
export class Busy extends QuarryError {
  readonly exitCode = 75;
}

/** The work ran and its outcome is a failure that the report explains. */
export class Failed extends QuarryError {
  readonly exitCode = 1;
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message of what caused something that was thrown, where that is told: `fetch` says no more than that it failed. */
export function causeOf(thrown: unknown): string {
  return messageOf(thrown instanceof Error && thrown.cause ? thrown.cause : thrown);
}

/** What the system, and ClickHouse, call a disk or quota that is used up. */
const fullCodes: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "243", "NOT_ENOUGH_SPACE"]);

/** True when something was thrown because there is no room left to write. */
export function isDiskFull(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, type } = thrown as { code?: unknown; type?: unknown };
  // ClickHouse wraps what the system says when a part is written.
  const said = /not enough space|No space left on device/i.test(thrown.message);
  return said || fullCodes.has(code) || fullCodes.has(type) || isDiskFull(thrown.cause);
}
