// What the files written so far have made: the next one builds on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "script_corpus.hpp"

namespace support {

enum class column_kind
{
    text,
    trigram, ///< text that is searched
    number,
    choice, ///< has a check; `fixed` holds a value that passes it
    json,
    array,
    time,
    flag,
    uuid,
    range,
    reference, ///< null in all rows
    generated
};

struct corpus_column
{
    std::string name;
    column_kind kind = column_kind::text;
    std::string fixed{};
    bool loose = false; ///< added later; nothing is built on it, so it may be changed and dropped
};

struct corpus_table
{
    std::string schema;
    std::string name; ///< quoted where it has to be
    std::string stem; ///< plain, to name other objects after it
    std::string id_type;
    std::vector<corpus_column> columns{};
    std::vector<std::string> indexes{}; ///< "billing.invoices_title_3", those that no constraint owns
    bool closed = false;                ///< has policies or rules: no file writes rows any more

    [[nodiscard]] std::string full() const { return schema + "." + name; }
    /// Columns of these kinds that may be built on.
    [[nodiscard]] std::vector<corpus_column> of(std::initializer_list<column_kind> kinds) const;
};

/// One file before its form (line ends, byte order mark, …) is chosen.
struct corpus_file
{
    std::string slug;
    std::string text;
    bool wrappable = true;        ///< works inside one BEGIN … COMMIT, too
    bool multiline_values = true; ///< holds values or bodies with line ends, which CRLF would change
};

class corpus_model
{
public:
    corpus_model(std::uint64_t seed, corpus_options options) : with{options}, random_{seed} {}

    corpus_options const with;
    std::vector<std::string> schemas{"public"};
    std::vector<std::string> enums{}; ///< qualified

    [[nodiscard]] std::size_t below(std::size_t count) { return random_() % count; }
    [[nodiscard]] bool one_in(std::size_t count) { return below(count) == 0; }
    template <class Container>
    [[nodiscard]] auto& any(Container& from)
    {
        return from[below(from.size())];
    }
    /// Never twice: "invoice_17".
    [[nodiscard]] std::string fresh(std::string const& stem) { return stem + "_" + std::to_string(++named_); }

    corpus_table& add(corpus_table made) { return tables_.emplace_back(std::move(made)); }
    /// One that rows may be written to.
    [[nodiscard]] corpus_table& open_table();
    /// One with a column of these kinds.
    [[nodiscard]] corpus_table& table_with(std::initializer_list<column_kind> kinds);
    /// One whose id is a bigint, to refer to; nullptr if there is none yet.
    [[nodiscard]] corpus_table const* parent();
    /// One that has an index to drop or to build again; nullptr if there is none.
    [[nodiscard]] corpus_table* indexed_table();

    /// The next value of a column, distinct from all others where its kind allows.
    [[nodiscard]] std::string value(corpus_column const& of);
    /// The same as a field of COPY.
    [[nodiscard]] std::string field(corpus_column const& of);

private:
    std::mt19937_64 random_;
    std::deque<corpus_table> tables_; // references stay valid
    unsigned named_ = 0;
    unsigned valued_ = 0;
};

/// "{t}" and the like in `text` replaced.
[[nodiscard]] std::string filled(std::string text,
                                 std::initializer_list<std::pair<std::string_view, std::string>> values);

} // namespace support
