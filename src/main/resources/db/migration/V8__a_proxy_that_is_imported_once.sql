-- The keyed fingerprint of what an import makes a proxy of, password included: of two imports at once one makes it.
-- Null: made by hand, where the same one may be there twice, or changed since.
alter table proxies add column import_mac bytea unique;
