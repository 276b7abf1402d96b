-- Its names, and no table: who reads which is granted by table.
GRANT USAGE ON SCHEMA quarry
TO ROLE quarry_reader_prices, ROLE quarry_reader_research, ROLE quarry_reader_alternative
