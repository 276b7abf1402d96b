-- What these statements need themselves. Nobody else may make anything here.
CREATE SCHEMA IF NOT EXISTS quarry_setup
