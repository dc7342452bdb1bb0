// The list of every diagnostic is true: each example gives its code, and no code is left out.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "schemagate/failure.hpp"

#include "catch.hpp"
#include "code_list.hpp"
#include "diagnosis.hpp"
#include "rule.hpp"

namespace {

std::string bytes_of(std::string const& written)
{
    auto result = std::string{};
    for (auto at = std::size_t{0}; at < written.size(); ++at) {
        if (written[at] != '\\' || at + 1 == written.size()) {
            result += written[at];
            continue;
        }
        switch (written[++at]) {
        case 'n': result += '\n'; break;
        case 'r': result += '\r'; break;
        case 't': result += '\t'; break;
        case 'x':
            result += static_cast<char>(std::stoi(written.substr(at + 1, 2), nullptr, 16));
            at += 2;
            break;
        default: result += written[at];
        }
    }
    return result;
}

std::string without_ticks(std::string cell)
{
    auto const begin = cell.find_first_not_of(" `");
    auto const end = cell.find_last_not_of(" `");
    return begin == cell.npos ? "" : cell.substr(begin, end + 1 - begin);
}

// "`K_SERVICE=api`, `PGPORT=6432`"
std::vector<std::pair<std::string, std::string>> variables_of(std::string cell)
{
    auto result = std::vector<std::pair<std::string, std::string>>{};
    static auto const one = std::regex{"`([A-Z_0-9]+)=([^`]*)`"};
    for (auto at = std::sregex_iterator{cell.begin(), cell.end(), one}; at != std::sregex_iterator{}; ++at)
        result.emplace_back((*at)[1], (*at)[2]);
    return result;
}

std::string word_of(schemagate::severity severity)
{
    return severity == schemagate::severity::refuse ? "error"
           : severity == schemagate::severity::warn ? "warning"
                                                    : "note";
}

std::set<std::string> codes_of_rules()
{
    auto const all = schemagate::url::known_codes();
    return {all.begin(), all.end()};
}

schemagate::url_diagnosis diagnosis_of(code_example const& one)
{
    auto where = machine_of_examples();
    auto policy = schemagate::url_policy{};
    for (auto const& [name, value] : one.variables) {
        where.variables[name] = value;
        if (name == "SCHEMAGATE_CONNECTION")
            policy.connection =
                value == "tcp" ? schemagate::connection_method::tcp : schemagate::connection_method::socket;
        if (name == "SCHEMAGATE_ACCEPT")
            policy.accept.insert(value);
        if (name == "SCHEMAGATE_TLS")
            policy.tls = value == "verify" ? schemagate::tls_policy::verify : schemagate::tls_policy::require;
    }
    return diagnose(bytes_of(one.text), where, policy);
}

} // namespace

fake_place machine_of_examples()
{
    using schemagate::file_kind;
    auto place = fake_place{{"HOME", "/home/app"}};
    place.with("/run/secrets/ca.crt", file_kind::regular)
        .with("/run/secrets/client.crt", file_kind::regular)
        .with("/run/secrets/open.key", file_kind::regular)
        .with("/run/secrets/open.pgpass", file_kind::regular)
        .with("/run/secrets/url", file_kind::regular)
        .with("/etc/ssl/certs", file_kind::folder)
        .with("/srv/notes", file_kind::regular)
        .with("/run/empty", file_kind::folder)
        .with("/run/closed", file_kind::not_permitted)
        .with("/run/odd", file_kind::folder)
        .with("/run/odd/.s.PGSQL.5432", file_kind::regular)
        .with_socket("/run/pg");
    place.contents["/run/secrets/empty.crt"] = "";
    place.access["/run/secrets/open.key"] = {0644, false};
    place.access["/run/secrets/open.pgpass"] = {0640, false};
    return place;
}

std::vector<code_example> code_examples()
{
    auto result = std::vector<code_example>{};
    auto page = std::ifstream{SCHEMAGATE_SOURCE_DIR "/app/deploy/DATABASE_URL.md"};
    for (auto line = std::string{}; std::getline(page, line);) {
        if (!line.starts_with("| `"))
            continue;
        auto cells = std::vector<std::string>{};
        auto cell = std::istringstream{line.substr(1)};
        for (auto one = std::string{}; std::getline(cell, one, '|');)
            cells.push_back(one);
        REQUIRE(cells.size() == 5);
        for (auto at = cells[4].find("\\*"); at != std::string::npos; at = cells[4].find("\\*"))
            cells[4].erase(at, 1);
        result.push_back({without_ticks(cells[0]), without_ticks(cells[1]), variables_of(cells[2]),
                          without_ticks(cells[3]), without_ticks(cells[4])});
    }
    return result;
}

TEST_CASE("each example of the list of diagnostics gives its code", "[code_list]")
{
    auto const elsewhere = std::set<std::string>{"user-missing",  // needs an account without a name
                                                 "uri-malformed", // for what a newer libpq refuses
                                                 // of where the text comes from: url_source_test.cpp
                                                 "url-missing", "url-set-twice", "file-is-url",
                                                 "file-unreadable", "file-too-large", "file-has-nul",
                                                 "file-has-lines", "file-world-readable", "newline-trimmed"};
    for (auto const& one : code_examples()) {
        if (elsewhere.contains(one.code))
            continue;
        INFO(one.code << " " << one.text);
        auto const diagnosis = diagnosis_of(one);
        INFO(shown_text(diagnosis));
        auto const found = find(diagnosis, one.code);
        REQUIRE(found);
        CHECK(word_of(found->severity) == one.severity);
        CHECK((diagnosis.verdict == schemagate::verdict::error) == (one.severity == "error"));
        CHECK(has(found->fix, one.fix));
        CHECK_FALSE(has(shown_text(diagnosis), "S3cretQ9z"));
        for (auto const* brace : {"{name}", "{part}", "{host}", "{model", "{who}", "{suggestion}"})
            CHECK_FALSE(has(shown_text(diagnosis), brace));
    }
}

TEST_CASE("no diagnostic is missing from the list", "[code_list]")
{
    auto listed = std::set<std::string>{};
    for (auto const& one : code_examples())
        listed.insert(one.code);
    for (auto const& code : codes_of_rules()) {
        INFO(code);
        CHECK(listed.contains(code));
    }
    CHECK(codes_of_rules().size() > 120);
}

TEST_CASE("a URL or parameter that a fix prints passes the check itself", "[code_list]")
{
    static auto const url = std::regex{R"re(postgres(?:ql)?://[^\s"`]+)re"};
    auto pasted = 0;
    for (auto const& one : code_examples())
        for (auto const& finding : diagnosis_of(one).findings)
            for (auto at = std::sregex_iterator{finding.fix.begin(), finding.fix.end(), url};
                 at != std::sregex_iterator{}; ++at) {
                auto text = at->str();
                while (!text.empty() && std::string{".,:;)("}.find(text.back()) != std::string::npos)
                    text.pop_back();
                if (text.ends_with("://") || has(text, "…") || has(text, "://…"))
                    continue; // a scheme, or a URL that is cut short
                // What the reader is to put in, in capital letters.
                for (auto const& [word, value] : std::vector<std::pair<std::string, std::string>>{
                         {"USER:PASSWORD@", "u:S3cretQ9z@"},
                         {"USER", "u"},
                         {"PRIVATE_IP", "10.240.0.3"},
                         {"/cloudsql/PROJECT:REGION:INSTANCE", "/run/pg"},
                         {"/FOLDER/OF/THE/SOCKET", "/run/pg"},
                         {"/FOLDER", "/run/pg"},
                         {"HOST", "db.example.com"},
                         {"DATABASE", "shop"},
                         {"NAME%40PROJECT.iam", "a%40p.iam"}})
                    if (auto const found = text.find(word); found != text.npos)
                        text.replace(found, word.size(), value);
                auto where = machine_of_examples();
                where.with("/cloudsql", schemagate::file_kind::folder);
                auto const again = diagnose(text, where);
                INFO(one.code << ": " << finding.fix << "\n" << text << "\n" << shown_text(again));
                CHECK(again.verdict != schemagate::verdict::error);
                ++pasted;
            }
    CHECK(pasted > 25);
}
