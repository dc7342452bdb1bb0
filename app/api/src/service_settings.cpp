#include "api/service_settings.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <functional>
#include <thread>

#include "prompt/prompt_name.hpp"
#include "route/parameter.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/place.hpp"

namespace app {
namespace {

using reader = bool (*)(std::string const&, service_settings&); // false: no such value

std::optional<std::int64_t> number_from(std::string const& text, std::int64_t least, std::int64_t most)
{
    auto const number = whole_number(text);
    return number && *number >= least && *number <= most ? number : std::nullopt;
}

bool read_threads(std::string const& text, service_settings& into)
{
    auto const n = number_from(text, 1, 256);
    into.threads = static_cast<int>(n.value_or(1));
    return n.has_value();
}

bool read_connections(std::string const& text, service_settings& into)
{
    auto const n = number_from(text, 1, 256);
    into.database_connections = static_cast<std::size_t>(n.value_or(1));
    return n.has_value();
}

bool read_anonymous(std::string const& text, service_settings& into)
{
    into.anonymous_may_read = text == "read";
    return text == "read" || text == "none";
}

bool read_labels(std::string const& text, service_settings& into)
{
    into.protected_labels.clear();
    for (std::size_t begin = 0; begin <= text.size();) {
        auto const end = std::min(text.find(',', begin), text.size());
        auto const label = text.substr(begin, end - begin);
        if (!is_label(label)) {
            return false;
        }
        into.protected_labels.push_back(label);
        begin = end + 1;
    }
    return true;
}

bool read_queue(std::string const& text, service_settings& into)
{
    auto const megabytes = number_from(text, 1, 16'384);
    into.log_queue_bytes = static_cast<std::size_t>(megabytes.value_or(1)) << 20U;
    return megabytes.has_value();
}

bool read_full(std::string const& text, service_settings& into)
{
    into.drop_when_full = text == "drop";
    return text == "drop" || text == "refuse";
}

bool read_retention(std::string const& text, service_settings& into)
{
    auto const months = number_from(text, 1, 1'200);
    into.retention_months = months ? std::optional{static_cast<int>(*months)} : std::nullopt;
    return months.has_value() || text == "keep";
}

bool read_rate_limit(std::string const& text, service_settings& into)
{
    into.rate_limit = number_from(text, 1, 1'000'000);
    return into.rate_limit.has_value() || text == "none";
}

bool read_rate_burst(std::string const& text, service_settings& into)
{
    into.rate_burst = number_from(text, 1, 1'000'000);
    return into.rate_burst.has_value();
}

bool read_access_log(std::string const& text, service_settings& into)
{
    into.access_log = text == "json"   ? std::optional{access_log_format::json}
                      : text == "text" ? std::optional{access_log_format::text}
                                       : std::nullopt;
    return text == "json" || text == "text" || text == "off";
}

bool read_cache_time(std::string const& text, service_settings& into)
{
    auto const seconds = number_from(text, 0, 86'400);
    into.cache_time = std::chrono::seconds{seconds.value_or(0)};
    return seconds.has_value();
}

struct row
{
    schemagate::host_setting setting;
    char const* takes; ///< in an error: "a whole number from 1 to 256"
    char const* example;
    reader read;
};

constexpr row table[] = {
    {{"--threads", "PROMPT_SERVICE_THREADS", "NUMBER", "threads that serve HTTP (one for each core)"},
     "a whole number from 1 to 256",
     "2",
     read_threads},
    {{"--database-connections", "PROMPT_SERVICE_DATABASE_CONNECTIONS", "NUMBER",
      "connections for requests that need the database (4)"},
     "a whole number from 1 to 256",
     "4",
     read_connections},
    {{"--anonymous", "PROMPT_SERVICE_ANONYMOUS", "WHAT",
      "read: prompts are fetched and templates previewed without a key; none (read on loopback, else none)"},
     "read or none",
     "none",
     read_anonymous},
    {{"--protected-labels", "PROMPT_SERVICE_PROTECTED_LABELS", "LABELS",
      "labels that only an admin key moves, comma-separated (none)"},
     "a list of labels ([a-z0-9][a-z0-9._-]{0,35}) with commas between them",
     "production,staging",
     read_labels},
    {{"--log-queue", "PROMPT_SERVICE_LOG_QUEUE_MB", "NUMBER",
      "MiB of executions that may wait for the database (64)"},
     "a whole number of MiB from 1 to 16384",
     "64",
     read_queue},
    {{"--log-full", "PROMPT_SERVICE_LOG_FULL", "ACTION",
      "when they do not fit: refuse the render with 503, or drop the record (refuse)"},
     "refuse or drop",
     "refuse",
     read_full},
    {{"--retention", "PROMPT_SERVICE_RETENTION_MONTHS", "MONTHS",
      "whole months of executions that are kept, or keep (keep)"},
     "a whole number of months from 1 to 1200, or keep",
     "12",
     read_retention},
    {{"--rate-limit", "PROMPT_SERVICE_RATE_LIMIT", "NUMBER",
      "requests per second of each key, or none (none)"},
     "a whole number from 1 to 1000000, or none",
     "100",
     read_rate_limit},
    {{"--rate-burst", "PROMPT_SERVICE_RATE_BURST", "NUMBER",
      "requests of a key at once, where there is a limit (those of two seconds)"},
     "a whole number from 1 to 1000000",
     "200",
     read_rate_burst},
    {{"--access-log", "PROMPT_SERVICE_ACCESS_LOG", "FORMAT",
      "text, json or off: one line for each request (text)"},
     "text, json or off",
     "json",
     read_access_log},
    {{"--cache-time", "PROMPT_SERVICE_CACHE_SECONDS", "SECONDS",
      "how long clients may keep a prompt that they have fetched (10)"},
     "a whole number of seconds from 0 to 86400",
     "10",
     read_cache_time},
};

} // namespace

std::vector<schemagate::host_setting> service_setting_list()
{
    std::vector<schemagate::host_setting> out;
    for (auto const& r : table) {
        out.push_back(r.setting);
    }
    return out;
}

std::vector<std::string> unknown_service_settings()
{
    std::vector<std::string> out;
    for (auto const& name : schemagate::this_place().variables_with_prefix("PROMPT_SERVICE_")) {
        if (std::none_of(std::begin(table), std::end(table),
                         [&](row const& r) { return name == r.setting.variable; })) {
            out.push_back(name);
        }
    }
    return out;
}

bool is_loopback(std::string const& host)
{
    auto const bare = host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
    boost::system::error_code ec;
    auto const address = boost::asio::ip::make_address(bare, ec);
    return ec ? bare == "localhost" : address.is_loopback();
}

service_settings read_service_settings(schemagate::host_values const& values, bool listens_on_loopback)
{
    service_settings out;
    out.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    out.anonymous_may_read = listens_on_loopback;
    for (auto const& r : table) {
        auto const found = values.find(r.setting.variable);
        if (found == values.end() || r.read(found->second, out)) {
            continue;
        }
        throw schemagate::failure{
            schemagate::errc::setting_invalid,
            std::string{r.setting.variable} +
                (found->second.empty() ? " is set, but empty; it takes "
                                       : " has a value that it does not take; it takes ") +
                r.takes + '.',
            std::string{"Write for example "} + r.setting.variable + '=' + r.example + '.'};
    }
    return out;
}

} // namespace app
