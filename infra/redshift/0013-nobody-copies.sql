-- Everybody may COPY by any role of the namespace until this is said: a plain reader could bring files of alternative data
-- into a temporary table of their own.
REVOKE ASSUMEROLE ON ALL FROM PUBLIC FOR ALL
