-- Where published tables stand. The publishing job makes them.
CREATE SCHEMA IF NOT EXISTS quarry
