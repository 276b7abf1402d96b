/** How Parquet is written: zstd, row groups of some 128 MB, the same bytes for the same rows. */
export const parquetSettings = [
  "output_format_parquet_compression_method = 'zstd'",
  "output_format_parquet_row_group_size_bytes = 134217728",
  "output_format_parquet_row_group_size = 4000000",
  "output_format_parquet_string_as_string = 1",
  "output_format_parquet_parallel_encoding = 0",
  "max_insert_threads = 1",
].join(", ");
