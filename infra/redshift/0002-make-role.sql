-- Redshift has no CREATE ROLE IF NOT EXISTS, and every statement must do no harm when it runs again.
CREATE OR REPLACE PROCEDURE quarry_setup.make_role(wanted VARCHAR) AS $$
DECLARE
  there INTEGER;
BEGIN
  SELECT INTO there COUNT(*) FROM svv_roles WHERE role_name = wanted;
  IF there = 0 THEN
    EXECUTE 'CREATE ROLE ' || quote_ident(wanted);
  END IF;
END;
$$ LANGUAGE plpgsql
