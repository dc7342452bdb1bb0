#include "migration_folder.hpp"

#include <array>
#include <fstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

namespace fs = std::filesystem;

class folder_writer
{
public:
    explicit folder_writer(fs::path folder) : folder_{std::move(folder)} { fs::create_directories(folder_); }

    void add(std::string const& what, std::string const& sql)
    {
        auto const number = std::to_string(files_.size() + 1);
        auto const file = folder_ / (std::string(number.size() < 5 ? 5 - number.size() : 0, '0') + number +
                                     "_" + what + ".sql");
        std::ofstream out{file, std::ios::binary};
        out << sql;
        if (!out.flush()) {
            throw std::runtime_error{"cannot write " + file.string()};
        }
        files_.push_back(file);
    }

    [[nodiscard]] migration_files files() const { return files_; }

private:
    fs::path folder_;
    migration_files files_;
};

std::string text(char const* pattern, std::size_t number)
{
    std::string result{pattern};
    for (auto at = result.find('#'); at != std::string::npos; at = result.find('#', at)) {
        result.replace(at, 1, std::to_string(number));
    }
    return result;
}

constexpr std::array kinds{
    "CREATE TABLE account_# (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
    "    name text NOT NULL,\n    balance numeric(12,2) NOT NULL DEFAULT 0,\n"
    "    created_at timestamptz NOT NULL DEFAULT now()\n);\n"
    "CREATE INDEX account_#_name ON account_# (name);\n",
    "-- Who did what, and when.\nCREATE TABLE event_# (id bigint PRIMARY KEY, kind text NOT NULL, body "
    "jsonb);\n"
    "COMMENT ON TABLE event_# IS 'written by triggers; read by nobody''s report';\n",
    "CREATE FUNCTION total_#(a integer, b integer) RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n"
    "    RETURN a + b; -- never null\nEND\n$$;\n",
    "ALTER TABLE base ADD COLUMN note_# text;\nCREATE INDEX base_note_# ON base (note_#);\n",
    "CREATE TABLE parent_# (id bigint PRIMARY KEY);\n"
    "CREATE TABLE child_# (id bigint PRIMARY KEY, parent bigint REFERENCES parent_#);\n",
};

constexpr auto base = "CREATE TABLE base (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '');\n";

// An index is built concurrently since its table is in use, so it has rows.
constexpr auto rows =
    "INSERT INTO base SELECT i, 'name ' || i FROM pg_catalog.generate_series(1, 20000) i;\n";

std::string concurrent_index(std::size_t number)
{
    return text("CREATE INDEX CONCURRENTLY base_# ON base ((id + #));\n", number);
}

std::string row(std::size_t number)
{
    return text("#\tcustomer number # of many\tstreet # in a town\t2026-01-01 12:30:00+00\n", number);
}

constexpr auto customers = "CREATE TABLE customer (id bigint PRIMARY KEY, name text NOT NULL, address text,\n"
                           "    since timestamptz);\n";

} // namespace

migration_files write_small(fs::path const& folder, std::size_t files)
{
    folder_writer out{folder};
    out.add("base", base);
    for (std::size_t i = 1; i < files; ++i) {
        out.add("change", text(kinds.at(i % kinds.size()), i));
    }
    return out.files();
}

migration_files write_concurrent(fs::path const& folder, std::size_t files)
{
    folder_writer out{folder};
    out.add("base", std::string{base} + rows);
    for (std::size_t i = 1; i <= files; ++i) {
        out.add("index", concurrent_index(i));
    }
    return out.files();
}

migration_files write_concurrent_in_one(fs::path const& folder, std::size_t statements)
{
    folder_writer out{folder};
    out.add("base", std::string{base} + rows);
    std::string all;
    for (std::size_t i = 1; i <= statements; ++i) {
        all += concurrent_index(i);
    }
    out.add("indexes", all);
    return out.files();
}

migration_files write_inserts(fs::path const& folder, std::size_t bytes)
{
    folder_writer out{folder};
    out.add("customer", customers);
    std::string all = "BEGIN;\n";
    for (std::size_t i = 1; all.size() < bytes; ++i) {
        all += text("INSERT INTO customer VALUES (#, 'customer number # of many', 'street # in a town',"
                    " '2026-01-01 12:30:00+00');\n",
                    i);
    }
    out.add("data", all + "COMMIT;\n");
    return out.files();
}

migration_files write_copy(fs::path const& folder, std::size_t bytes)
{
    folder_writer out{folder};
    out.add("customer", customers);
    std::string all = "COPY customer (id, name, address, since) FROM stdin;\n";
    for (std::size_t i = 1; all.size() < bytes; ++i) {
        all += row(i);
    }
    out.add("data", all + "\\.\n");
    return out.files();
}

} // namespace bench
