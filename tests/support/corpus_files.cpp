#include <array>

#include "corpus_kinds.hpp"

namespace support {

corpus_file dumped(corpus_model& m)
{
    auto made = blank_table(m, "public");
    std::string text = R"(--
-- PostgreSQL database dump
--

)";
    text += m.with.restrict_lines ? "\\restrict Wq0N7hHkSx3\n\n" : "";
    text += R"(-- Dumped from database version 13.22
-- Dumped by pg_dump version 13.22

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: late_body; Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.{n}_late() RETURNS bigint
    LANGUAGE sql
    AS $$ SELECT count(*) FROM public.{n}_comes_later $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

)";
    auto statement = create_table(m, made, true);
    text += statement + filled(R"(

--
-- Name: {n}_comes_later; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.{n}_comes_later (
    a integer,
    b text DEFAULT 'x'::text
);
ALTER TABLE ONLY public.{n}_comes_later REPLICA IDENTITY FULL;

--
-- Data for Name: {n}_comes_later; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.{n}_comes_later (a, b) FROM stdin;
1	it's; one
2	\N
3	tab\there \\. $$
\.


CREATE INDEX {n}_a_idx ON public.{n}_comes_later USING btree (a);
ALTER TABLE ONLY public.{n}_comes_later
    ADD CONSTRAINT {n}_positive CHECK ((a > 0)) NOT VALID;

--
-- PostgreSQL database dump complete
--

)",
                               {{"n", made.stem}});
    text += m.with.restrict_lines ? "\\unrestrict Wq0N7hHkSx3\n\n" : "";
    text = filled(std::move(text), {{"n", made.stem}});
    auto const slug = "import_" + made.stem;
    m.add(std::move(made));
    return {slug, text, false, true};
}

corpus_file own_transactions(corpus_model& m)
{
    auto const n = "public." + m.fresh("ledger");
    return {"own_transactions",
            filled(R"(-- schemagate: own-transactions
BEGIN;
CREATE TABLE {n} (id integer PRIMARY KEY, note text);
LOCK TABLE {n} IN SHARE ROW EXCLUSIVE MODE;
SAVEPOINT before_rows;
INSERT INTO {n} VALUES (1, 'begin;'), (2, $$commit;$$);
ROLLBACK TO SAVEPOINT before_rows;
INSERT INTO {n} VALUES (3, 'kept');
COMMIT;
START TRANSACTION;
ALTER TABLE {n} ADD COLUMN more text NOT NULL DEFAULT 'none';
SET CONSTRAINTS ALL IMMEDIATE;
END TRANSACTION;
INSERT INTO {n} VALUES (4, 'by itself');
)",
                   {{"n", n}}),
            false, false};
}

corpus_file nothing(corpus_model& m)
{
    constexpr std::array<std::string_view, 5> texts{
        "", "\n\n", "-- Superseded by the next one; it's kept for its number.\n",
        "/* nothing /* nested */ ; here */\n-- nor here", ";\n;;\n"};
    return {"nothing_" + std::to_string(m.below(100)), std::string{m.any(texts)}, true, false};
}

corpus_file odd_strings(corpus_model& m)
{
    auto const t = "public." + m.fresh("odd");
    return {
        "odd_strings",
        filled(R"(CREATE TABLE {t} ("sel""ect" text, "Ünïcode ☃" text DEFAULT '☃; snow', U&"d\0061ta" int);
INSERT INTO {t} VALUES (E'c\\'), ('d\'), ($x$e$y$f$x$), (N'g'), ('\');
INSERT INTO {t} VALUES ('one'
  'two; three'), (U&'\2603' UESCAPE '\'), (E'it\'s; ' || B'101'::text || X'1F'::text);
SET standard_conforming_strings = off;
SET escape_string_warning = off;
INSERT INTO {t} VALUES ('it\'s; one'), ('\\');
SET standard_conforming_strings = on;
INSERT INTO {t} VALUES ('\'), ('it is; on');
/* outer /* inner ' */ still; */ SELECT 1 AS "a;b"; SELECT 2 -- two; statements, one line
;
)",
               {{"t", t}}),
        true, true};
}

std::string repeatable_view(corpus_model& m)
{
    auto& t = m.open_table();
    return filled(
        "CREATE OR REPLACE VIEW public.newest_{n} AS SELECT id FROM {t} ORDER BY id DESC LIMIT 10;\n"
        "COMMENT ON VIEW public.newest_{n} IS 'made anew; as often as it''s changed';\n",
        {{"n", t.stem}, {"t", t.full()}});
}

} // namespace support
