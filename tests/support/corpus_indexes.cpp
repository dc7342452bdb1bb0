#include "corpus_kinds.hpp"

namespace support {
namespace {

// What stands behind the table's name, for a table that has the columns it needs.
std::string target(corpus_model& m, corpus_table const& t)
{
    using enum column_kind;
    auto const plain = t.of({text, trigram, number, choice, time, flag, uuid});
    auto const searched = t.of({trigram});
    switch (m.below(9)) {
    case 0:
        if (auto const found = t.of({json}); !found.empty()) {
            return " USING gin (" + found.front().name + " jsonb_path_ops)";
        }
        break;
    case 1:
        if (auto const found = t.of({array}); !found.empty()) {
            return " USING gin (" + found.front().name + ")";
        }
        break;
    case 2:
        if (!searched.empty()) {
            return " USING gin (" + searched.front().name + " public.gin_trgm_ops)";
        }
        break;
    case 3:
        if (!searched.empty()) {
            return " (lower(" + searched.front().name + "), (id IS NULL)) WHERE " + searched.front().name +
                   " <> 'it''s; nothing'";
        }
        break;
    case 4:
        if (auto const found = t.of({time}); !found.empty()) {
            return " USING brin (" + found.front().name + ") WITH (pages_per_range = 32)";
        }
        break;
    case 5:
        if (auto const found = t.of({range}); !found.empty()) {
            return " USING gist (" + found.front().name + ")";
        }
        break;
    case 6: return plain.empty() ? " (id)" : " USING hash (" + plain.front().name + ")";
    case 7:
        return plain.empty() ? " (id)" : " (" + plain.back().name + ") INCLUDE (id) WITH (fillfactor = 70)";
    default: break;
    }
    return plain.empty() ? " (id DESC)" : " (" + plain.front().name + " DESC NULLS LAST, id)";
}

std::string new_index(corpus_model& m, corpus_table& t, std::string const& how)
{
    auto name = m.fresh(t.stem);
    if (m.one_in(12)) {
        name = "\"" + name + " Größe\"";
    }
    auto const unique = m.one_in(8);
    auto const careful = m.one_in(4);
    auto text = std::string{"CREATE "} + (unique ? "UNIQUE " : "") + "INDEX " + how +
                (how.empty() ? "" : " ") + (careful ? "IF NOT EXISTS " : "") + name + " ON " + t.full();
    text += (unique ? " (id, (1))" : target(m, t)) + ";\n";
    t.indexes.push_back(t.schema + "." + name);
    return text;
}

std::string taken_index(corpus_model& m, corpus_table& t)
{
    auto const at = t.indexes.begin() + static_cast<std::ptrdiff_t>(m.below(t.indexes.size()));
    auto name = *at;
    t.indexes.erase(at);
    return name;
}

constexpr auto concurrently = "CONCURRENTLY";

} // namespace

corpus_file one_index(corpus_model& m)
{
    auto& t = m.open_table();
    auto text = new_index(m, t, concurrently);
    return {"index_" + t.stem, (m.one_in(3) ? "-- Built beside the traffic; it isn't quick.\n" : "") + text,
            false, false};
}

corpus_file several_indexes(corpus_model& m)
{
    auto& t = m.table_with({column_kind::trigram, column_kind::json, column_kind::number});
    std::string text = m.one_in(3) ? "SET statement_timeout = 0;\nSET lock_timeout = '0';\n" : "";
    for (auto count = m.below(5) + 2; count > 0; --count) {
        auto& indexed = m.one_in(4) ? m.open_table() : t;
        text += new_index(m, indexed, m.one_in(2) ? concurrently : "concurrently");
    }
    if (m.one_in(3)) {
        text += "ANALYZE " + t.full() + ";\n";
    }
    return {"indexes_" + t.stem, text, false, false};
}

corpus_file table_and_indexes(corpus_model& m)
{
    auto made = blank_table(m, m.any(m.schemas));
    auto text = create_table(m, made, true);
    auto& t = m.add(std::move(made));
    for (auto count = m.below(4) + 1; count > 0; --count) {
        text += new_index(m, t, concurrently);
    }
    text += "COMMENT ON TABLE " + t.full() + " IS 'with its indexes';\n";
    return {"create_" + t.stem + "_with_indexes", text, false, false};
}

corpus_file indexes_in_transaction(corpus_model& m)
{
    auto& t = m.open_table();
    auto text = new_index(m, t, "");
    text += new_index(m, t, "");
    auto const kept = t.indexes.back();
    text += "COMMENT ON INDEX " + kept + " IS 'it goes';\nDROP INDEX IF EXISTS " + kept +
            ", public.never_there;\nREINDEX TABLE " + t.full() + ";\n";
    t.indexes.pop_back();
    return {"plain_indexes_" + t.stem, text, true, false};
}

corpus_file dropped_index(corpus_model& m)
{
    auto* const t = m.indexed_table();
    if (t == nullptr) {
        return one_index(m);
    }
    auto const name = taken_index(m, *t);
    return {"drop_index_" + t->stem,
            "DROP INDEX CONCURRENTLY " + name + ";\nDROP INDEX CONCURRENTLY IF EXISTS " + name + ";\n", false,
            false};
}

corpus_file rebuilt_index(corpus_model& m)
{
    auto* const t = m.indexed_table();
    if (t == nullptr) {
        return one_index(m);
    }
    std::string text = "REINDEX INDEX CONCURRENTLY " + m.any(t->indexes) + ";\n";
    if (m.one_in(2)) {
        text += "REINDEX (VERBOSE) TABLE CONCURRENTLY " + t->full() + ";\n";
    }
    if (m.one_in(4) && t->schema != "public") {
        text += "REINDEX SCHEMA " + t->schema + ";\n";
    }
    return {"reindex_" + t->stem, text, false, false};
}

corpus_file vacuumed(corpus_model& m)
{
    auto& t = m.open_table();
    return {"vacuum_" + t.stem,
            "VACUUM (ANALYZE) " + t.full() + ";\nANALYZE " + t.full() + " (id);\nVACUUM FREEZE " + t.full() +
                ";\n",
            false, false};
}

corpus_file detached_partition(corpus_model& m)
{
    auto const t = m.any(m.schemas) + "." + m.fresh("archive");
    auto const how = m.with.server_major < 14 ? "" : " CONCURRENTLY";
    return {"detach_partition",
            filled(R"(CREATE TABLE {t} (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE {t}_old PARTITION OF {t} FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE {t}_new PARTITION OF {t} FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
ALTER TABLE {t} DETACH PARTITION {t}_old{how};
)",
                   {{"t", t}, {"how", how}}),
            m.with.server_major < 14, false};
}

} // namespace support
