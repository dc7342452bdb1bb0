// Every complaint about migration tools that this project knows of has a test named after it, or a reason why
// it is not about executing scripts.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"

namespace fs = std::filesystem;

namespace {

struct complaint
{
    std::string number; ///< of the complaint (1 to 35), or the letter of a case that no other project tests
    std::string words;
    std::string file;     ///< below tests/; empty: not about execution
    std::string reason{}; ///< why there is no test of that name
};

std::vector<complaint> const& complaints()
{
    static std::string const history = "database/complaints_history_test.cpp";
    static std::string const index = "database/complaints_index_test.cpp";
    static std::string const lock = "database/complaints_lock_test.cpp";
    static std::string const script = "database/complaints_script_test.cpp";
    static std::string const server = "database/complaints_server_test.cpp";
    static std::string const traffic = "database/complaints_traffic_test.cpp";
    static std::string const process = "boot/complaints_process_test.cpp";
    static std::vector<complaint> const all{
        {"1", "dirty state needs a human", index},
        {"2", "index build hangs on waiters", lock},
        {"3", "index build hangs on the tool's own transaction", lock},
        {"4", "locking is turned off", lock},
        {"5", "PgBouncer", server},
        {"6", "lock leaks after a failure", lock},
        {"7", "no lock at all", lock},
        {"8", "silent or unbounded wait", lock},
        {"9", "old pods cannot restart", history},
        {"10", "database ahead of the binary", history},
        {"11", "late and duplicate versions", history},
        {"12", "CRLF", script},
        {"13", "BOM", script},
        {"14", "pg_dump's search_path", script},
        {"15", "history in another schema", history},
        {"16", "dollar quotes", script},
        {"17", "COPY data", script},
        {"18", "commands of psql", script},
        {"19", "BEGIN and COMMIT in the file", script},
        {"20", "statements outside a transaction", script},
        {"21", "INVALID index", index},
        {"22", "queueing behind a reader", traffic},
        {"23", "inherited statement_timeout", server},
        {"24", "database not ready", server},
        {"24", "liveness probe", process},
        {"25", "lock of a dead owner", lock},
        {"25", "lock of a killed owner", process},
        {"26", "history made by many at once", history},
        {"27", "read replica", server},
        {"28", "lagging replica", server},
        {"29", "a new file is not embedded", "", "build time"},
        {"30", "schema public without CREATE", server},
        {"31", "special characters in the URL", "", "URL, issue 4"},
        {"32", "one lock key for all services", lock},
        {"33", "enum value used in the same file", script},
        {"34", "template accessed by others", server},
        {"35", "column dropped under old pods", history},
        {"(a)", "fifty processes, one index", process},
        {"(b)", "kill -9", process},
        {"(c)", "PgBouncer: nothing written", "", "is complaint 5"},
        {"(d)", "hot standby", "", "is complaint 27"},
        {"(e)", "settings of the database", "", "is complaint 23"},
        {"(f)", "role without CREATE", "", "is complaint 30"},
        {"(g)", "byte-exact strings", script},
        {"(h)", "PostgreSQL's regression files", "", "lexer: sql_parser"},
        {"(i)", "server down, then in recovery", "", "is complaint 24"},
        {"(j)", "session lost before COMMIT", index},
        {"(k)", "older binary, newer schema", "", "is complaint 10"},
        {"(l)", "password in no output", "", "URL: secrecy_test"},
        {"(m)", "CRLF and BOM: same digest", "", "is complaint 12"},
        {"(n)", "new file without CMake", "", "build time"},
        {"(o)", "other readers' worst wait", "", "is complaint 22"},
    };
    return all;
}

std::string content_of(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// "complaint 2:", also inside "complaints 2 to 4:", and "case (a)".
bool names_it(std::string const& text, std::string const& number)
{
    return number.front() == '(' ? text.find("\"case " + number) != std::string::npos
                                 : text.find("complaint " + number + ":") != std::string::npos;
}

} // namespace

TEST_CASE("every complaint has a test that is named after it, or a reason why not", "[tree]")
{
    fs::path const tests = fs::path{SCHEMAGATE_SOURCE_DIR} / "tests";
    std::set<std::string> numbers;
    for (auto const& each : complaints()) {
        INFO(each.number << ' ' << each.words);
        numbers.insert(each.number);
        CHECK(each.file.empty() != each.reason.empty());
        if (!each.file.empty()) {
            CHECK(names_it(content_of(tests / each.file), each.number));
        }
        if (each.reason.starts_with("is complaint ")) {
            CHECK(numbers.count(each.reason.substr(13)) == 1);
        }
    }
    for (int number = 1; number <= 35; ++number) {
        INFO(number);
        CHECK(numbers.count(std::to_string(number)) == 1);
    }
    for (char letter = 'a'; letter <= 'o'; ++letter) {
        INFO(letter);
        CHECK(numbers.count(std::string{"("} + letter + ")") == 1);
    }
}
