// The least that migrating takes: libpq, and nothing that could fail well.
//
//   bench_floor history        connect, and fetch the history
//   bench_floor apply FOLDER   connect, wait for the lock, and for each file that is not in the history one
//                              message: the script and its row
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <libpq-fe.h>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using result = std::unique_ptr<PGresult, void (*)(PGresult*)>;
using session = std::unique_ptr<PGconn, void (*)(PGconn*)>;

void run(PGconn* on, std::string const& sql)
{
    result const answer{PQexec(on, sql.c_str()), PQclear};
    auto const status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        std::cerr << PQerrorMessage(on);
        std::exit(EXIT_FAILURE);
    }
}

std::string bytes_of(fs::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void apply(PGconn* on, fs::path const& folder)
{
    std::vector<fs::path> files;
    for (auto const& each : fs::directory_iterator{folder}) {
        if (each.path().extension() == ".sql") {
            files.push_back(each.path());
        }
    }
    std::sort(files.begin(), files.end());
    run(on, "select pg_advisory_lock(1); create schema if not exists floor");
    run(on, "create table if not exists floor.history (id bigint generated always as identity, version"
            " text primary key, checksum text, at timestamptz default now(), by text default current_user)");
    result const newest{PQexec(on, "select version from floor.history order by id desc limit 1"), PQclear};
    auto const done = PQntuples(newest.get()) == 0 ? std::string{} : PQgetvalue(newest.get(), 0, 0);
    for (auto const& each : files) {
        if (each.stem().string() <= done) {
            continue;
        }
        run(on, "begin; " + bytes_of(each) + "; insert into floor.history (version, checksum) values ('" +
                    each.stem().string() + "', '" + std::string(64, 'a') + "'); commit");
    }
}

} // namespace

int main(int count, char** arguments)
{
    session const on{PQconnectdb(std::getenv("DATABASE_URL")), PQfinish};
    if (PQstatus(on.get()) != CONNECTION_OK) {
        std::cerr << PQerrorMessage(on.get());
        return EXIT_FAILURE;
    }
    run(on.get(), "set client_min_messages = warning");
    if (count == 3 && std::string{arguments[1]} == "apply") {
        apply(on.get(), arguments[2]);
    }
    else {
        run(on.get(), "select * from schemagate.history order by id");
    }
    return EXIT_SUCCESS;
}
