GRANT ROLE quarry_reader_prices TO ROLE quarry_reader
