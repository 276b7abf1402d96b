-- The publishing job's, by the tag RedshiftDbRoles of its IAM role.
CALL quarry_setup.make_role('quarry_writer')
