#include "corpus_kinds.hpp"

namespace support {

corpus_file views(corpus_model& m)
{
    auto& t = m.open_table();
    auto const v = m.any(m.schemas) + "." + m.fresh("overview");
    auto const c = t.of({column_kind::trigram, column_kind::text, column_kind::number, column_kind::time,
                         column_kind::choice, column_kind::uuid});
    auto const column = c.empty() ? std::string{"id"} : m.any(c).name;
    return {"views_on_" + t.stem,
            filled(R"(CREATE VIEW {v} AS
    SELECT t.id, t.{c} AS "the ""value""", count(*) OVER () AS "all" -- it's a window
    FROM {t} t
    WHERE t.{c} IS NOT NULL OR t.id IS NOT NULL;
CREATE OR REPLACE VIEW {v}_checked WITH (security_barrier = true) AS
    SELECT id, {c} AS c FROM {t} WHERE id IS NOT NULL WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW {v}_totals AS
    WITH counted AS (SELECT {c}::text AS part, count(*) AS n FROM {t} GROUP BY 1)
    SELECT coalesce(part, 'none; at all') AS part, n FROM counted WITH NO DATA;
CREATE UNIQUE INDEX ON {v}_totals (part);
REFRESH MATERIALIZED VIEW {v}_totals;
REFRESH MATERIALIZED VIEW CONCURRENTLY {v}_totals;
CREATE RECURSIVE VIEW {v}_steps (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM {w}_steps WHERE n < 5;
)",
                   {{"v", v}, {"w", v.substr(v.find('.') + 1)}, {"c", column}, {"t", t.full()}}),
            true, true};
}

corpus_file functions(corpus_model& m)
{
    auto const f = m.any(m.schemas) + "." + m.fresh("total");
    return {
        "functions_" + std::to_string(m.below(1000)),
        filled(R"(CREATE OR REPLACE FUNCTION {f}(IN wanted text, OUT hits bigint) LANGUAGE plpgsql AS $body$
DECLARE
    statement text := $q$SELECT count(*) FROM pg_catalog.pg_class WHERE relname = $1; -- it's fine $q$;
    inner_text text := $a$ $b$ nested ' " $b$ $a$;
BEGIN
    /* a comment with ; and $body and ' */
    EXECUTE statement INTO hits USING wanted;
    IF inner_text LIKE '%$b$%' THEN
        RAISE DEBUG 'text is %', inner_text;
    END IF;
EXCEPTION WHEN undefined_table THEN
    hits := 0;
END;
$body$;
CREATE FUNCTION {f}_plain(a integer, b integer DEFAULT 2) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT a + b; SELECT a * b /* it''s; */';
CREATE FUNCTION {f}_escaped() RETURNS text LANGUAGE sql AS E'SELECT \'it\'\'s\'::text;\n';
CREATE PROCEDURE {f}_step(n integer) LANGUAGE plpgsql SET search_path = pg_catalog AS $_$
BEGIN PERFORM $1; END $_$;
CREATE AGGREGATE {f}_sum (numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0');
COMMENT ON FUNCTION {f}_plain(integer, integer) IS $$adds; multiplies$$;
REVOKE ALL ON FUNCTION {f}_plain(integer, integer) FROM PUBLIC;
ALTER FUNCTION {f}_plain(integer, integer) COST 5;
CALL {f}_step(3);
SELECT {f}_plain(1), {f}('pg_class');
)",
               {{"f", f}}),
        true, true};
}

corpus_file triggers(corpus_model& m)
{
    auto& t = m.open_table();
    auto const f = m.any(m.schemas) + "." + m.fresh("touch");
    auto const name = f.substr(f.find('.') + 1);
    return {
        "triggers_on_" + t.stem,
        filled(R"(CREATE TABLE {f}_log (n bigint GENERATED ALWAYS AS IDENTITY, op text, who text, seen jsonb);
CREATE FUNCTION {f}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    INSERT INTO {f}_log (op, who) VALUES (TG_OP, 'it''s ' || TG_TABLE_NAME || ';');
    RETURN NEW;
END;
$function$;
CREATE TRIGGER {n}_before BEFORE INSERT OR UPDATE ON {t} FOR EACH ROW EXECUTE FUNCTION {f}();
CREATE TRIGGER "{n} after; all" AFTER DELETE ON {t} REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION {f}();
CREATE CONSTRAINT TRIGGER {n}_later AFTER UPDATE ON {t} DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION {f}();
ALTER TABLE {t} DISABLE TRIGGER {n}_later;
)",
               {{"f", f}, {"n", name}, {"t", t.full()}}),
        true, true};
}

corpus_file do_blocks(corpus_model& m)
{
    auto const t = m.any(m.schemas) + "." + m.fresh("bucket");
    return {"do_block_" + std::to_string(m.below(1000)),
            filled(R"(DO $do$
DECLARE
    each integer;
BEGIN
    EXECUTE 'CREATE TABLE {t} (id integer, part integer) PARTITION BY LIST (part)';
    FOR each IN 1..3 LOOP
        EXECUTE format($fmt$CREATE TABLE {t}_%s PARTITION OF {t} FOR VALUES IN (%s)$fmt$, each, each);
    END LOOP;
    BEGIN
        EXECUTE 'CREATE TABLE {t} (already_there integer)';
    EXCEPTION WHEN duplicate_table THEN
        RAISE NOTICE '{t} is there; that''s fine';
    END;
END
$do$;
DO LANGUAGE plpgsql 'BEGIN IF to_regclass(''{t}'') IS NULL THEN RAISE EXCEPTION ''gone''; END IF; END';
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pg_monitor') THEN
        CREATE ROLE pg_never_made;
    END IF;
END $$;
)",
                   {{"t", t}}),
            true, true};
}

corpus_file sql_bodies(corpus_model& m)
{
    auto& t = m.open_table();
    auto const f = m.any(m.schemas) + "." + m.fresh("standard");
    if (m.with.server_major < 14) {
        return {"no_sql_bodies", "SELECT 'BEGIN ATOMIC; is newer';\n", true, false};
    }
    return {"sql_bodies_" + t.stem,
            filled(R"(CREATE FUNCTION {f}(wanted integer) RETURNS bigint LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;
    SELECT CASE WHEN wanted > 0 THEN count(*) ELSE 0 END FROM {t};
END;
CREATE PROCEDURE {f}_note(INOUT "what; is" text) BEGIN ATOMIC SELECT "what; is" || ';'; END;
CREATE FUNCTION {f}_one(a integer) RETURNS integer IMMUTABLE RETURN CASE a WHEN 1 THEN 2 ELSE a END;
)",
                   {{"f", f}, {"t", t.full()}}),
            true, true};
}

} // namespace support
