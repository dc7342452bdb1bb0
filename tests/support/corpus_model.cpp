#include "corpus_model.hpp"

#include <algorithm>

namespace support {
namespace {

std::string quoted(std::string const& text)
{
    std::string out = "'";
    for (char const c : text) {
        out.append(c == '\'' ? 2U : 1U, c);
    }
    return out + "'";
}

// Texts in which a careless reader of SQL loses its way.
constexpr std::string_view awkward[] = {
    "it's 12:30; really", "-- no comment",       "a $$ b $tag$ c",    "/* open",    "Größe – 価格 €",
    "semi;colon;;",       "back\\slash \\. end", "\"double\" quotes", "E'' and $1", "begin; commit;"};

std::string padded(unsigned number)
{
    auto const digits = std::to_string(number);
    return std::string(12 - digits.size(), '0') + digits;
}

std::string plain_value(column_kind kind, unsigned n)
{
    switch (kind) {
    case column_kind::text:
    case column_kind::trigram: return std::string{awkward[n % std::size(awkward)]} + " " + std::to_string(n);
    case column_kind::number: return std::to_string(n);
    case column_kind::json: return R"({"n": )" + std::to_string(n) + R"(, "s": "it's"})";
    case column_kind::array: return "{a" + std::to_string(n) + ",\"b c\"}";
    case column_kind::time: return "2026-03-" + std::to_string(n % 28 + 1) + " 12:30:00+00";
    case column_kind::flag: return n % 2 == 0 ? "true" : "false";
    case column_kind::uuid: return "00000000-0000-4000-8000-" + padded(n);
    case column_kind::range: return "[" + std::to_string(n * 10) + "," + std::to_string(n * 10 + 5) + ")";
    case column_kind::choice:
    case column_kind::reference:
    case column_kind::generated: break;
    }
    return "";
}

} // namespace

std::vector<corpus_column> corpus_table::of(std::initializer_list<column_kind> kinds) const
{
    std::vector<corpus_column> found;
    std::copy_if(columns.begin(), columns.end(), std::back_inserter(found), [&](corpus_column const& each) {
        return !each.loose && std::find(kinds.begin(), kinds.end(), each.kind) != kinds.end();
    });
    return found;
}

corpus_table& corpus_model::open_table()
{
    for (;;) {
        if (auto& chosen = any(tables_); !chosen.closed) {
            return chosen;
        }
    }
}

corpus_table& corpus_model::table_with(std::initializer_list<column_kind> kinds)
{
    for (;;) { // the first tables hold every kind, so this ends
        if (auto& chosen = any(tables_); !chosen.of(kinds).empty()) {
            return chosen;
        }
    }
}

corpus_table const* corpus_model::parent()
{
    std::vector<corpus_table const*> fit;
    for (auto const& each : tables_) {
        if (each.id_type == "bigint") {
            fit.push_back(&each);
        }
    }
    return fit.empty() ? nullptr : any(fit);
}

corpus_table* corpus_model::indexed_table()
{
    std::vector<corpus_table*> fit;
    for (auto& each : tables_) {
        if (!each.indexes.empty()) {
            fit.push_back(&each);
        }
    }
    return fit.empty() ? nullptr : any(fit);
}

std::string corpus_model::value(corpus_column const& of)
{
    ++valued_;
    switch (of.kind) {
    case column_kind::choice: return quoted(of.fixed);
    case column_kind::reference: return "null";
    case column_kind::generated: return "default";
    case column_kind::number: return plain_value(of.kind, valued_);
    default: return quoted(plain_value(of.kind, valued_));
    }
}

std::string corpus_model::field(corpus_column const& of)
{
    ++valued_;
    if (of.kind == column_kind::reference) {
        return "\\N";
    }
    auto const plain = of.kind == column_kind::choice ? of.fixed : plain_value(of.kind, valued_);
    std::string out;
    for (char const c : plain) { // the text format of COPY
        out.append(c == '\\' ? 2U : 1U, c);
    }
    return out;
}

std::string filled(std::string text, std::initializer_list<std::pair<std::string_view, std::string>> values)
{
    for (auto const& [key, value] : values) {
        auto const mark = "{" + std::string{key} + "}";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

} // namespace support
