/**
 * A workgroup's parameters, all of them: Redshift tells them all, so that one which is not said here would differ at each
 * deployment. The first two are promises; the others are its defaults.
 */
const parameters = {
  require_ssl: "true",
  enable_user_activity_logging: "true",
  auto_mv: "true",
  datestyle: "ISO, MDY",
  enable_case_sensitive_identifier: "false",
  /** Seconds. */
  max_query_execution_time: "14400",
  query_group: "default",
  search_path: "$user, public",
  use_fips_ssl: "false",
};

/** The parameters as the provider takes them. */
export const configParameters = Object.entries(parameters).map(
  ([parameterKey, parameterValue]) => ({ parameterKey, parameterValue }),
);
