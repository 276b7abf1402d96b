-- Reads the tables of one class: the publishing job grants SELECT on each when it makes it.
CALL quarry_setup.make_role('quarry_reader_alternative')
