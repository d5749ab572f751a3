-- The ids of rows.sql were given, not taken from the sequences: move those on.

DO $$
DECLARE
    sequence record;
    last     bigint;
BEGIN
    FOR sequence IN
        SELECT c.oid::regclass AS owner, a.attname AS id,
               pg_get_serial_sequence(c.oid::regclass::text, a.attname) AS name
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = quote_ident(current_schema())::regnamespace
          AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
    LOOP
        EXECUTE format('SELECT max(%I) FROM %s', sequence.id, sequence.owner) INTO last;
        IF last IS NOT NULL THEN
            PERFORM setval(sequence.name, last);
        END IF;
    END LOOP;
END
$$;
