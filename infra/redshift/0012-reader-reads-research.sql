GRANT ROLE quarry_reader_research TO ROLE quarry_reader
