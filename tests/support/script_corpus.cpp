#include "script_corpus.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include "corpus_kinds.hpp"

namespace support {
namespace {

using kind = corpus_file (*)(corpus_model&);

// Each once, in an order in which it finds what it builds on; then at random, as often as it stands here.
constexpr std::array kinds{new_table,
                           new_table,
                           new_table,
                           new_types,
                           new_schema,
                           new_partitions,
                           new_table_in_path,
                           more_rows,
                           copied_rows,
                           more_columns,
                           more_constraints,
                           more_enum_values,
                           one_index,
                           several_indexes,
                           table_and_indexes,
                           indexes_in_transaction,
                           rebuilt_index,
                           dropped_index,
                           vacuumed,
                           detached_partition,
                           views,
                           functions,
                           triggers,
                           do_blocks,
                           sql_bodies,
                           grants,
                           policies_and_rules,
                           comments,
                           own_transactions,
                           dumped,
                           nothing,
                           odd_strings,
                           one_index,
                           one_index,
                           one_index,
                           one_index,
                           several_indexes,
                           several_indexes,
                           table_and_indexes,
                           new_table,
                           new_table,
                           more_columns,
                           more_rows};
constexpr std::array<std::string_view, 4> extensions{"pg_trgm", "pgcrypto", "citext", "btree_gin"};
static_assert(kinds.size() == 43);

std::string with_crlf(std::string const& text)
{
    std::string out;
    for (char const c : text) {
        out += c == '\n' ? "\r\n" : std::string(1, c);
    }
    return out;
}

// How the same statements may lie in a file.
std::string shaped(corpus_model& m, corpus_file file)
{
    auto text = std::move(file.text);
    if (file.wrappable && m.one_in(5)) {
        text += text.ends_with('\n') ? "" : "\n"; // else it would be part of a comment
        text.insert(0, m.one_in(2) ? "BEGIN;\n" : "-- It's one step.\nbegin transaction;\n\n");
        text += m.one_in(2) ? "COMMIT;\n" : "\nEND;\n";
    }
    if (m.one_in(4) && !text.starts_with("-- schemagate:")) {
        text = "-- PROJ-" + std::to_string(m.below(9000)) + ": by O'Neil; don't edit\n" + text;
    }
    if (text.ends_with('\n') && !text.ends_with("\\.\n") && m.one_in(6)) {
        text.pop_back();
        if (text.ends_with(';') && m.one_in(2)) {
            text.pop_back();
        }
    }
    if (!file.multiline_values && m.one_in(6)) {
        text = with_crlf(text);
    }
    if (m.one_in(10)) {
        text = "\xEF\xBB\xBF" + text;
    }
    return text;
}

class corpus_folder
{
public:
    explicit corpus_folder(std::filesystem::path folder) : folder_{std::move(folder)}
    {
        std::filesystem::create_directories(folder_);
    }

    void add(std::string const& slug, std::string const& text)
    {
        auto number = std::to_string(++count_);
        write(std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number + "_" + slug, text);
    }
    void write(std::string const& stem, std::string const& text)
    {
        written_.push_back(folder_ / (stem + ".sql"));
        std::ofstream out{written_.back(), std::ios::binary};
        out << text;
        out.close();
        if (!out) {
            throw std::runtime_error{written_.back().string() + " cannot be written"};
        }
    }

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::vector<std::filesystem::path> const& written() const noexcept { return written_; }

private:
    std::filesystem::path folder_;
    std::size_t count_ = 0;
    std::vector<std::filesystem::path> written_;
};

} // namespace

std::vector<std::filesystem::path> write_script_corpus(std::filesystem::path const& folder, std::size_t size,
                                                       std::uint64_t seed, corpus_options with)
{
    corpus_model m{seed, with};
    corpus_folder files{folder};
    for (auto const each : extensions) {
        files.add("extension_" + std::string{each},
                  "CREATE EXTENSION IF NOT EXISTS " + std::string{each} + " WITH SCHEMA public;\n");
    }
    for (std::size_t i = 0; i < kinds.size() || files.count() < size; ++i) {
        auto const chosen = i < kinds.size() ? kinds[i] : m.any(kinds);
        auto file = chosen(m);
        auto const slug = file.slug;
        files.add(slug, shaped(m, std::move(file)));
    }
    for (std::string const each : {"R_a_view", "R_newest", "R_zone-1.2"}) {
        files.write(each, repeatable_view(m));
    }
    return files.written();
}

} // namespace support
