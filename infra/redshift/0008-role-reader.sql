-- Whoever reads without a reason of their own: prices and research, nothing alternative.
CALL quarry_setup.make_role('quarry_reader')
