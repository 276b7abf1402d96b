import { lanes } from "./catalogue.ts";
import { InvalidInput } from "./errors.ts";

/** One value that configures Quarry: its environment variable, its default, what it is for. */
interface Setting {
  /** The environment variable. */
  readonly variable: string;
  /** The value when nothing is set; undefined when there is none. */
  readonly fallback?: string;
  readonly secret?: boolean;
  /** One line for `quarry config`. */
  readonly about: string;
}

/** Every value Quarry reads from its environment. Environment beats defaults, a flag beats the environment. */
export const settings = {
  home: {
    variable: "QUARRY_HOME",
    fallback: ".quarry",
    about: "folder of the embedded warehouse and of the objects",
  },
  objects: {
    variable: "QUARRY_OBJECTS",
    about: "object store: a folder or s3://bucket/prefix; default <QUARRY_HOME>/objects",
  },
  captures: {
    variable: "QUARRY_CAPTURES",
    about:
      "where vendors' replies are kept, s3://bucket/prefix or a folder; default: with the other objects",
  },
  environment: {
    variable: "QUARRY_ENV",
    fallback: "dev",
    about: "environment that was deployed, where work is handed over to its queues",
  },
  awsRegion: {
    variable: "AWS_REGION",
    about: "region of the bucket; default: the one of the AWS profile",
  },
  sources: {
    variable: "QUARRY_SOURCES",
    about: "order in which price sources are read, comma separated; default: as they first came",
  },
  pollSeconds: {
    variable: "QUARRY_POLL_SECONDS",
    fallback: "10",
    about: "seconds between two looks at children that run elsewhere",
  },
  logLevel: {
    variable: "QUARRY_LOG",
    fallback: "warn",
    about: "log level on stderr: trace, debug, info, warn, error, fatal, silent",
  },
  lake: {
    variable: "QUARRY_LAKE",
    about: "lake of the environment: s3://bucket/prefix, or the ARN of a table bucket",
  },
  lakeDatabase: {
    variable: "QUARRY_LAKE_DATABASE",
    about: "what its databases in the Glue catalogue begin with, or its namespace",
  },
  redshiftWorkgroup: {
    variable: "REDSHIFT_WORKGROUP",
    about: "workgroup of Redshift Serverless",
  },
  redshiftDatabase: {
    variable: "REDSHIFT_DATABASE",
    fallback: "quarry",
    about: "database in it",
  },
  redshiftCopyRole: {
    variable: "REDSHIFT_COPY_ROLE",
    about: "ARN of the role by which Redshift reads what is copied",
  },
  redshiftCopyFolder: {
    variable: "REDSHIFT_COPY_FOLDER",
    about: "where files are put that Redshift copies: s3://bucket/prefix",
  },
  clickhouseUrl: {
    variable: "CLICKHOUSE_URL",
    about: "a ClickHouse server, http(s)://host:port/database; default: ClickHouse in process",
  },
  clickhouseUser: { variable: "CLICKHOUSE_USER", fallback: "default", about: "user of the server" },
  clickhousePassword: {
    variable: "CLICKHOUSE_PASSWORD",
    fallback: "",
    secret: true,
    about: "password of the server",
  },
  clickhouseCertificate: {
    variable: "CLICKHOUSE_CERTIFICATE",
    about: "certificate of the authority that signed the server's, PEM; default: the public ones",
  },
  yahooBaseUrl: {
    variable: "YAHOO_BASE_URL",
    fallback: "https://query2.finance.yahoo.com",
    about: "where Yahoo's chart endpoint is served",
  },
  yahooRatePerSecond: {
    variable: "YAHOO_RATE",
    fallback: String(lanes.yahoo.ratePerSecond),
    about: "requests a second that the Yahoo endpoint tolerates, over all processes",
  },
  yahooSlots: {
    variable: "YAHOO_SLOTS",
    fallback: String(lanes.yahoo.slots),
    about: "parts of that rate: as many processes may ask at once",
  },
  edgarBaseUrl: {
    variable: "EDGAR_BASE_URL",
    fallback: "https://www.sec.gov",
    about: "where EDGAR is served; its API too, which of the public one is data.sec.gov",
  },
  edgarContact: {
    variable: "EDGAR_CONTACT",
    about: "who asks EDGAR, with an e-mail address: it serves nobody without",
  },
  edgarRatePerSecond: {
    variable: "EDGAR_RATE",
    fallback: String(lanes.edgar.ratePerSecond),
    about: "requests a second to EDGAR, over all processes behind one address",
  },
  edgarSlots: {
    variable: "EDGAR_SLOTS",
    fallback: String(lanes.edgar.slots),
    about: "parts of that rate: as many processes may ask at once",
  },
  tavilyBaseUrl: {
    variable: "TAVILY_BASE_URL",
    fallback: "https://api.tavily.com",
    about: "where Tavily is served",
  },
  tavilyApiKey: { variable: "TAVILY_API_KEY", secret: true, about: "key of Tavily, tvly-..." },
  tavilyRatePerSecond: {
    variable: "TAVILY_RATE",
    fallback: String(lanes.tavily.ratePerSecond),
    about: "searches a second that the key allows, over all processes",
  },
  tavilySlots: {
    variable: "TAVILY_SLOTS",
    fallback: String(lanes.tavily.slots),
    about: "parts of that rate: as many processes may ask at once",
  },
  bedrockModel: {
    variable: "BEDROCK_MODEL_ID",
    about: "model of Bedrock, or its inference profile, that texts are scored by",
  },
  bedrockTokensPerMinute: {
    variable: "BEDROCK_TOKENS_PER_MINUTE",
    fallback: String(lanes.bedrock.ratePerSecond * 60),
    about: "tokens a minute that the account has for the model, over all processes",
  },
  bedrockSlots: {
    variable: "BEDROCK_SLOTS",
    fallback: String(lanes.bedrock.slots),
    about: "parts of that budget: as many processes may ask at once",
  },
  bedrockBatchRole: {
    variable: "BEDROCK_BATCH_ROLE_ARN",
    about: "role that Bedrock reads batches and writes their answers as",
  },
  newsScores: {
    variable: "QUARRY_NEWS_SCORES",
    about:
      "score set of news that factors read (prompt-hash@model); needed where there are several",
  },
  reportScores: {
    variable: "QUARRY_REPORT_SCORES",
    about: "score set of reports that factors read; needed where there are several",
  },
  proxyScores: {
    variable: "QUARRY_PROXY_SCORES",
    about: "score set of proxy statements that factors read; needed where there are several",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** One value in force, and where it came from. */
export interface ResolvedSetting {
  readonly name: SettingName;
  readonly variable: string;
  readonly value: string | undefined;
  readonly origin: "flag" | "environment" | "default";
  readonly secret: boolean;
  readonly about: string;
}

/** The configuration in force. */
export class Settings {
  readonly #resolved: ReadonlyMap<SettingName, ResolvedSetting>;

  constructor(resolved: readonly ResolvedSetting[]) {
    this.#resolved = new Map(resolved.map((setting) => [setting.name, setting]));
  }

  /** The value of a setting, undefined when neither flag, environment nor default gives one. */
  get(name: SettingName): string | undefined {
    return this.#resolved.get(name)?.value;
  }

  /** The value of a setting that has a default. */
  text(name: SettingName): string {
    const value = this.get(name);
    if (value === undefined) {
      throw new InvalidInput(`${settings[name].variable} is not set: ${settings[name].about}.`);
    }
    return value;
  }

  /**
   * A number that must lie in a range.
   *
   * @throws InvalidInput naming the variable, what came and the range
   */
  number(name: SettingName, min: number, max: number): number {
    const text = this.text(name);
    const value = Number(text);
    if (text.trim() === "" || !(value >= min && value <= max)) {
      throw new InvalidInput(
        `${settings[name].variable}: expected a number from ${min} to ${max}, got "${text}".`,
      );
    }
    return value;
  }

  /**
   * An http(s) address.
   *
   * @throws InvalidInput naming the variable and what came
   */
  url(name: SettingName): URL {
    const text = this.text(name);
    if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) {
      throw new InvalidInput(
        `${settings[name].variable}: expected an address like http://host:port, got "${text}".`,
      );
    }
    return new URL(text);
  }

  /** All values in force, in the order of the table above. */
  all(): ResolvedSetting[] {
    return [...this.#resolved.values()];
  }
}

/**
 * Reads the configuration: flags beat environment variables, which beat defaults. An empty variable counts as not set.
 *
 * @param flags values given on the command line
 * @param environment `process.env` unless a test says otherwise
 */
export function readSettings(
  flags: Partial<Record<SettingName, string | undefined>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  return new Settings(
    (Object.entries(settings) as [SettingName, Setting][]).map(([name, setting]) => {
      const fromEnvironment = environment[setting.variable];
      const [value, origin] =
        flags[name] !== undefined
          ? [flags[name], "flag" as const]
          : fromEnvironment !== undefined && fromEnvironment !== ""
            ? [fromEnvironment, "environment" as const]
            : [setting.fallback, "default" as const];
      const { variable, about, secret = false } = setting;
      return { name, variable, value, origin, secret, about };
    }),
  );
}
