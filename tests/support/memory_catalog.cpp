#include "memory_catalog.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "schemagate/lexer.hpp"

namespace support {
namespace {

struct owned
{
    std::vector<memory_script> scripts;
    std::vector<std::string> checksums;
};

// As the build tool finds it out.
bool runs_in_transaction(std::string const& text)
{
    auto const scanned = schemagate::lexer::scan(text);
    return std::none_of(scanned.statements.begin(), scanned.statements.end(), [](auto const& each) {
        return each.kind == schemagate::lexer::statement_kind::non_transactional;
    });
}

} // namespace

schemagate::catalog memory_catalog(std::vector<memory_script> scripts, std::string const& name)
{
    auto const bytes = std::make_shared<owned>();
    bytes->scripts = std::move(scripts);
    for (auto const& s : bytes->scripts) {
        bytes->checksums.push_back(schemagate::sha256_hex(s.text));
    }
    std::vector<schemagate::script> views;
    for (std::size_t i = 0; i < bytes->scripts.size(); ++i) {
        auto const& s = bytes->scripts[i];
        views.push_back(
            {s.file, s.text, bytes->checksums[i], s.check, s.transactional && runs_in_transaction(s.text)});
    }
    return schemagate::catalog{name, views, bytes};
}

schemagate::settings settings_for(std::string const& url)
{
    schemagate::settings with;
    with.database_url = schemagate::database_url_text{schemagate::secret{url}, "DATABASE_URL", {}};
    with.connect_wait = std::chrono::seconds{10};
    with.lock_wait = std::chrono::seconds{60};
    with.lock_retry = std::chrono::seconds{10};
    with.application = "database-test";
    with.application_version = "1.2.3";
    return with;
}

std::int64_t lock_key(std::string const& catalog, std::string const& history_schema)
{
    auto const digest = schemagate::sha256_hex("schemagate/1/" + history_schema + "/" + catalog);
    return static_cast<std::int64_t>(std::stoull(digest.substr(0, 16), nullptr, 16));
}

} // namespace support
