#include "corpus_kinds.hpp"

namespace support {
namespace {

struct row_shape
{
    std::vector<corpus_column> columns;
    std::string names; ///< "a, b, c"
};

row_shape shape_of(corpus_table const& t)
{
    row_shape shape;
    for (auto const& each : t.columns) {
        if (each.kind != column_kind::generated && !each.loose) {
            shape.names += (shape.names.empty() ? "" : ", ") + each.name;
            shape.columns.push_back(each);
        }
    }
    return shape;
}

} // namespace

corpus_file more_columns(corpus_model& m)
{
    auto& t = m.open_table();
    auto const c = m.fresh("extra");
    auto text = filled(R"(ALTER TABLE {t}
    ADD COLUMN {c} integer NOT NULL DEFAULT 7,
    ADD COLUMN IF NOT EXISTS {c}_note varchar(40),
    ADD COLUMN {c}_old text;
ALTER TABLE {t} ALTER COLUMN {c} TYPE bigint USING {c}::bigint * 2;
ALTER TABLE {t} ALTER COLUMN {c} DROP DEFAULT, ALTER COLUMN {c} SET DEFAULT 0;
ALTER TABLE {t} ALTER COLUMN {c}_note SET STORAGE EXTERNAL, ALTER COLUMN {c}_note SET STATISTICS 500;
ALTER TABLE {t} RENAME COLUMN {c}_note TO "{c} Note";
ALTER TABLE {t} DROP COLUMN {c}_old;
)",
                       {{"t", t.full()}, {"c", c}});
    if (m.one_in(2)) {
        text += filled("UPDATE {t} SET {c} = {c} + 1, \"{c} Note\" = E'it\\'s\\n; done' WHERE {c} < 100;\n"
                       "ALTER TABLE {t} ADD CONSTRAINT {c}_sane CHECK ({c} BETWEEN 0 AND 1000000);\n",
                       {{"t", t.full()}, {"c", c}});
    }
    t.columns.push_back({c, column_kind::number, "", true});
    return {"more_columns_" + t.stem, text, true, false};
}

corpus_file more_constraints(corpus_model& m)
{
    auto& t = m.open_table();
    auto const c = m.fresh("extra");
    std::string text = "ALTER TABLE {t} ADD COLUMN {c} bigint;\n"
                       "ALTER TABLE {t} ADD CONSTRAINT {c}_positive CHECK ({c} >= 0) NOT VALID;\n"
                       "ALTER TABLE {t} VALIDATE CONSTRAINT {c}_positive;\n";
    if (auto const* const parent = m.parent()) {
        text += "ALTER TABLE {t} ADD CONSTRAINT {c}_owner FOREIGN KEY ({c}) REFERENCES " + parent->full() +
                " (id) ON UPDATE CASCADE ON DELETE SET NULL NOT VALID;\n"
                "ALTER TABLE {t} VALIDATE CONSTRAINT {c}_owner;\n";
    }
    text += "ALTER TABLE {t} RENAME CONSTRAINT {c}_positive TO {c}_not_negative;\n";
    t.columns.push_back({c, column_kind::reference, "", true});
    return {"validate_" + t.stem, filled(text, {{"t", t.full()}, {"c", c}}), true, false};
}

corpus_file more_enum_values(corpus_model& m)
{
    auto const& type = m.any(m.enums);
    auto const value = m.fresh("state");
    // psql commits the new value before the next statement; inside one transaction it may not be used yet.
    return {"enum_" + value,
            filled(R"(ALTER TYPE {t} ADD VALUE '{v}' BEFORE 'in review';
ALTER TYPE {t} ADD VALUE IF NOT EXISTS '{v}''s end';
ALTER TABLE {t}_uses ALTER COLUMN state SET DEFAULT '{v}';
INSERT INTO {t}_uses (state, code) VALUES ('{v}', 'Z-9');
CREATE VIEW {t}_{v} AS SELECT number FROM {t}_uses WHERE state = '{v}'::{t};
)",
                   {{"t", type}, {"v", value}}),
            false, false};
}

corpus_file more_rows(corpus_model& m)
{
    auto& t = m.open_table();
    auto const shape = shape_of(t);
    std::string text =
        "-- Seed data; don't run twice.\nINSERT INTO " + t.full() + " (" + shape.names + ") VALUES\n";
    auto const rows = m.below(6) + 1;
    for (std::size_t row = 0; row < rows; ++row) {
        text += "    (";
        for (std::size_t i = 0; i < shape.columns.size(); ++i) {
            text += (i == 0 ? "" : ", ") + m.value(shape.columns[i]);
        }
        text += row + 1 == rows ? ");\n" : "),\n";
    }
    text += "ANALYZE " + t.full() + ";\n";
    return {"seed_" + t.stem, text, true, false};
}

corpus_file copied_rows(corpus_model& m)
{
    auto& t = m.open_table();
    auto const shape = shape_of(t);
    std::string text = "COPY " + t.full() + " (" + shape.names + ") FROM stdin;\n";
    for (auto rows = m.below(8) + 1; rows > 0; --rows) {
        for (std::size_t i = 0; i < shape.columns.size(); ++i) {
            text += (i == 0 ? "" : "\t") + m.field(shape.columns[i]);
        }
        text += '\n';
    }
    text += "\\.\n";
    auto const name = m.fresh("lookup");
    text += "CREATE TABLE public." + name + " (code text PRIMARY KEY, words text);\n";
    if (m.with.server_major < 18) {
        text += "COPY public." + name +
                " FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'none');\n"
                "code;words\nselect 1;\"it's; \"\"here\"\"\"\n-- b;none\n$$;'\n\\.\n\n";
    }
    else { // a psql before 18 passes the end mark of CSV data on, and the server takes it for data
        text += "COPY public." + name + " FROM STDIN;\nselect 1;\tit's; \"here\"\n-- b\t\\N\n\\.\n\n";
    }
    text += "SELECT count(*) FROM public." + name + ";\n";
    return {"copy_" + t.stem, text, true, true};
}

corpus_file grants(corpus_model& m)
{
    auto& t = m.open_table();
    return {"grants_" + t.stem,
            filled(R"(GRANT SELECT ON {t} TO pg_monitor, PUBLIC;
GRANT INSERT (id), UPDATE ON TABLE {t} TO pg_monitor WITH GRANT OPTION;
REVOKE UPDATE ON {t} FROM pg_monitor CASCADE;
GRANT ALL PRIVILEGES ON {t} TO CURRENT_USER;
REVOKE TRUNCATE, REFERENCES ON {t} FROM PUBLIC;
ALTER TABLE {t} OWNER TO CURRENT_USER;
)",
                   {{"t", t.full()}}),
            true, false};
}

corpus_file policies_and_rules(corpus_model& m)
{
    auto made = blank_table(m, m.any(m.schemas));
    made.closed = true;
    auto text =
        create_table(m, made, true) +
        filled(R"(ALTER TABLE {t} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {t} FORCE ROW LEVEL SECURITY;
CREATE POLICY "everybody's own" ON {t} FOR SELECT TO PUBLIC USING (current_user = 'it''s me');
CREATE POLICY written ON {t} AS RESTRICTIVE FOR UPDATE TO pg_monitor
    USING (true) WITH CHECK (id IS NOT NULL);
ALTER POLICY written ON {t} RENAME TO {n}_written;
CREATE TABLE {t2} (what text, at date DEFAULT '2026-01-01');
CREATE RULE "no deletes; really" AS ON DELETE TO {t} DO INSTEAD NOTHING;
CREATE RULE two_things AS ON INSERT TO {t} DO ALSO (
    INSERT INTO {t2} (what) VALUES ('insert; one');
    INSERT INTO {t2} (what) VALUES ('two');
);
CREATE PUBLICATION {n}_changes FOR TABLE {t2} WITH (publish = 'insert, update');
)",
               {{"t2", made.schema + "." + made.stem + "_log"}, {"t", made.full()}, {"n", made.stem}});
    auto const slug = "policies_" + made.stem;
    m.add(std::move(made));
    return {slug, text, true, false};
}

corpus_file comments(corpus_model& m)
{
    auto& t = m.open_table();
    return {"comments_" + t.stem,
            filled(R"(COMMENT ON TABLE {t} IS 'It''s "quoted"; -- not a comment
/* nor this */ $$ nor $tag$ that';
COMMENT ON COLUMN {t}.id IS E'tab\there\\ and\nline';
COMMENT ON COLUMN {t}.id IS 'größer – 価格';
COMMENT ON COLUMN {t}.id IS U&'d\0061t\+000061 "key"';
)",
                   {{"t", t.full()}}),
            true, true};
}

} // namespace support
