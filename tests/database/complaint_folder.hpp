// What the tests of users' complaints have in common: a folder of plain .sql, booted as `schemagate --from`
// does, and many boots at once.
#pragma once

#include <thread>
#include <vector>

#include "direct_sql.hpp"
#include "engine.hpp"
#include "schemagate/script_folder.hpp"
#include "temporary_folder.hpp"

namespace engine {

/// A fresh database, and a folder for its migrations.
struct complaint_folder : fixture
{
    support::temporary_folder folder{"sql"};

    void write(std::string const& file, std::string_view sql) const
    {
        folder.write("migrations/" + file, sql);
    }
    /// Judges the folder anew, and boots.
    [[nodiscard]] ended migrate() const
    {
        try {
            return boot(schemagate::catalog_of_folder("test", folder.path() / "migrations"));
        }
        catch (schemagate::failure const& f) {
            UNSCOPED_INFO(f.what());
            return {{}, f};
        }
    }
    /// The versions that the history holds as applied, in their order.
    [[nodiscard]] std::string recorded() const
    {
        return exists("schemagate.history")
                   ? value("select coalesce(string_agg(version, ' ' order by id), '') from "
                           "schemagate.history where state = 'applied'")
                   : "";
    }
    [[nodiscard]] std::string invalid_indexes() const
    {
        return value("select count(*) from pg_index where not indisvalid");
    }
    /// One table `a` with a thousand rows, of the role that migrates.
    void make_table() const
    {
        database->run("create table a (id int); insert into a select generate_series(1, 1000); "
                      "alter table a owner to backend");
    }
};

/// Asks until the first cell is 't'.
[[nodiscard]] inline bool becomes_true(support::test_database const& database, std::string const& sql,
                                       std::chrono::milliseconds limit = std::chrono::seconds{20})
{
    support::sql_session session{database.admin_url()};
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (session.value(sql) != "t") {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

/// Boots on threads of their own. Catch2 is no help there, so how each ended is kept as text: "done", or the
/// failure's code and words.
class many_boots
{
public:
    many_boots() = default;
    many_boots(many_boots const&) = delete;
    many_boots& operator=(many_boots const&) = delete;

    void start(schemagate::settings with, schemagate::catalog shipped,
               std::shared_ptr<schemagate::observer> listener = {})
    {
        auto& mine = ends_.emplace_back(std::make_unique<std::string>());
        threads_.emplace_back([end = mine.get(), with = std::move(with), shipped = std::move(shipped),
                               listener = std::move(listener)] {
            try {
                static_cast<void>(schemagate::run(with, shipped, listener));
                *end = "done";
            }
            catch (schemagate::failure const& f) {
                *end = std::string{f.code_name()} + ": " + f.what();
            }
        });
    }
    /// Waits for all of them, and gives how those ended that are not done.
    [[nodiscard]] std::string troubles()
    {
        threads_.clear();
        std::string all;
        for (auto const& end : ends_) {
            all += *end == "done" ? "" : *end + '\n';
        }
        return all;
    }

private:
    std::vector<std::unique_ptr<std::string>> ends_;
    std::vector<std::jthread> threads_;
};

} // namespace engine
