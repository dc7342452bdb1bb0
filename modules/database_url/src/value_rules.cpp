// Values that libpq refuses when it connects, before it asks any server (fe-connect.c, connectOptions2), and
// values that are not the ones their author sees.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits node_postgres(inspection const& i);
hits unknown_sslmode(inspection const& i);
hits unknown_choice(inspection const& i);
hits no_number(inspection const& i);
hits out_of_range(inspection const& i);
hits timeout(inspection const& i);
hits tls_version(inspection const& i);
hits tls_versions(inspection const& i);
hits binding_without_tls(inspection const& i);
hits physical_replication(inspection const& i);
hits logical_replication(inspection const& i);
hits plus(inspection const& i);
hits read_only(inspection const& i);
hits token(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto unknown_value = "{who} sets {keyword} to a value that libpq does not know{value}.";
constexpr auto table = std::array{
    rule{"sslmode-invalid", refuse, unknown_value,
         "no-verify is node-postgres's word. Write sslmode=require: it encrypts and does not verify.",
         node_postgres},
    rule{"sslmode-invalid", refuse, unknown_value, "{way}.", unknown_sslmode},
    rule{"value-invalid", refuse, unknown_value, "{way}.", unknown_choice},
    rule{"value-invalid", refuse, "{who} sets {keyword} to something that is not a number{value}.",
         "Write {keyword}={example}.", no_number},
    rule{"value-invalid", refuse,
         "{who} sets {keyword} to a number that the system refuses, which takes 1 to {most}{value}.",
         "Write {keyword}={example}.", out_of_range},
    rule{"connect-timeout-invalid", refuse,
         "{who} sets connect_timeout to something that is not a number of seconds{value}.",
         "Write connect_timeout=10, without a unit.", timeout},
    rule{"value-invalid", refuse, "{who} sets {keyword} to a version of TLS that libpq does not know{value}.",
         "Write {keyword}=TLSv1.2, or one of: TLSv1 TLSv1.1 TLSv1.2 TLSv1.3.", tls_version},
    rule{"value-invalid", refuse, "{who} sets ssl_min_protocol_version above ssl_max_protocol_version.",
         "Drop ssl_max_protocol_version.", tls_versions},
    rule{"channel-binding-without-tls", refuse,
         "{who} sets channel_binding=require, which needs TLS, but {why}.",
         "Write sslmode=require, or drop channel_binding.", binding_without_tls},
    rule{"replication-connection", refuse,
         "{who} sets replication={value}: the server would open a connection that streams its WAL and runs "
         "no SQL.",
         "Drop replication.", physical_replication},
    rule{"replication-connection", warn,
         "{who} sets replication=database: such a connection runs simple queries only, and takes one of the "
         "server's "
         "max_wal_senders.",
         "Drop replication.", logical_replication},
    rule{"options-with-plus", warn,
         "{who} has a + in options: libpq takes it as it is, not for a space, and the server refuses such an "
         "argument.",
         "Write %20 for a space: options=-c%20search_path%3DNAME.", plus},
    rule{"read-only-target", warn,
         "{who} sets default_transaction_read_only in options: nothing can be migrated then.",
         "Drop it, or set SCHEMAGATE_MODE=wait where another process migrates.", read_only},
    rule{"iam-token", warn, "{who} holds an IAM token of Amazon RDS, which is good for 15 minutes.",
         "Fetch it at each start instead of storing it.", token},
};

struct choice
{
    std::string_view keyword;
    std::string_view words; ///< each before a space
};

constexpr auto sslmode = choice{"sslmode", "disable allow prefer require verify-ca verify-full "};
constexpr auto choices = std::array{
    choice{"channel_binding", "disable prefer require "},
    choice{"gssencmode", "disable prefer require "},
    choice{"target_session_attrs", "any read-write read-only primary standby prefer-standby "},
    choice{"load_balance_hosts", "disable random "},
    choice{"sslcertmode", "disable allow require "},
    choice{"sslnegotiation", "postgres direct "},
};

std::vector<std::string_view> split(std::string_view words)
{
    auto result = std::vector<std::string_view>{};
    for (auto end = words.find(' '); end != words.npos; end = words.find(' ')) {
        result.push_back(words.substr(0, end));
        words.remove_prefix(end + 1);
    }
    return result;
}

// Set to anything, also to "": libpq takes an empty choice for a wrong one.
bool is_set(inspection const& i, std::string_view keyword)
{
    auto const from = i.effective.from(keyword);
    return from != origin::nowhere && from != origin::built_in;
}

hit of_value(inspection const& i, std::string_view keyword)
{
    return {{{"who", i.said_by(keyword)},
             {"keyword", std::string{keyword}},
             {"value",
              i.effective.value(keyword).empty() ? ": \"\"" : i.shown_word(i.effective.value(keyword))}}};
}

hits outside(inspection const& i, choice const& one)
{
    auto const& value = i.effective.value(one.keyword);
    auto const words = split(one.words);
    if (!is_set(i, one.keyword) || std::find(words.begin(), words.end(), value) != words.end())
        return {};
    auto result = of_value(i, one.keyword);
    auto const all_words = std::string{one.words.substr(0, one.words.size() - 1)};
    auto const meant = std::string{nearest_word(value, words)};
    result.words.push_back({"way", meant.empty() ? "Write one of: " + all_words
                                                 : "Write " + std::string{one.keyword} + "=" + meant +
                                                       " (or another of: " + all_words + ")"});
    return {result};
}

hits node_postgres(inspection const& i)
{
    return i.effective.value("sslmode") == "no-verify" ? hits{of_value(i, "sslmode")} : hits{};
}

hits unknown_sslmode(inspection const& i)
{
    return node_postgres(i).empty() ? outside(i, sslmode) : hits{};
}

hits unknown_choice(inspection const& i)
{
    auto result = hits{};
    for (auto const& one : choices)
        for (auto& found : outside(i, one))
            result.push_back(std::move(found));
    return result;
}

bool all_sockets(inspection const& i)
{
    return std::all_of(i.endpoints.all.begin(), i.endpoints.all.end(),
                       [](auto const& one) { return one.is_socket(); });
}

// Then libpq may come through before it asks.
bool some_socket(inspection const& i)
{
    return std::any_of(i.endpoints.all.begin(), i.endpoints.all.end(),
                       [](auto const& one) { return one.is_socket(); });
}

// libpq's parse_int_param: white space around the digits, and a sign. keepalives takes none behind them.
bool is_number(std::string_view text, bool strict)
{
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!strict && !text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    if (text.starts_with('+') || text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.size() <= 9 && all(text, is_digit);
}

// Of these libpq asks only where it connects by TCP.
hits no_number(inspection const& i)
{
    auto result = hits{};
    for (auto const& [keyword, example] :
         {std::pair{"keepalives", "1"}, std::pair{"keepalives_idle", "60"},
          std::pair{"keepalives_interval", "10"}, std::pair{"keepalives_count", "3"},
          std::pair{"tcp_user_timeout", "30000"}}) {
        auto const& value = i.effective.value(keyword);
        auto const strict = std::string_view{keyword} == "keepalives";
        if (!is_set(i, keyword) || is_number(value, strict))
            continue;
        auto found = of_value(i, keyword);
        found.words.push_back({"example", example});
        if (some_socket(i))
            found.as = warn;
        result.push_back(std::move(found));
    }
    return result;
}

// setsockopt(2) of Linux: 0, which libpq's documentation calls the system's default, is refused as well.
hits out_of_range(inspection const& i)
{
    struct limit
    {
        char const* keyword;
        int most;
        char const* example;
    };
    auto const number_of = [&](char const* keyword) {
        auto const& value = i.effective.value(keyword);
        return is_set(i, keyword) && is_number(value, false) ? std::optional{std::stoi(value)} : std::nullopt;
    };
    auto result = hits{};
    if (number_of("keepalives") == 0)
        return result;
    for (auto const& one : {limit{"keepalives_idle", 32767, "60"}, limit{"keepalives_interval", 32767, "10"},
                            limit{"keepalives_count", 127, "3"}})
        if (auto const number = number_of(one.keyword); number && (*number < 1 || *number > one.most)) {
            auto found = of_value(i, one.keyword);
            found.words.push_back({"most", std::to_string(one.most)});
            found.words.push_back({"example", one.example});
            if (some_socket(i))
                found.as = warn;
            result.push_back(std::move(found));
        }
    return result;
}

hits timeout(inspection const& i)
{
    auto const& value = i.effective.value("connect_timeout");
    return is_set(i, "connect_timeout") && !is_number(value, false) ? hits{of_value(i, "connect_timeout")}
                                                                    : hits{};
}

// "TLSv1" to "TLSv1.3", in any case of letters; 0 for what is none. Empty is no limit.
int tls_number(std::string_view value)
{
    auto const folded = lowered(value);
    auto number = 1;
    for (auto const* const known : {"tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"}) {
        if (folded == known)
            return number;
        ++number;
    }
    return 0;
}

hits tls_version(inspection const& i)
{
    auto result = hits{};
    for (auto const* const keyword : {"ssl_min_protocol_version", "ssl_max_protocol_version"}) {
        auto const& value = i.effective.value(keyword);
        if (!value.empty() && tls_number(value) == 0)
            result.push_back(of_value(i, keyword));
    }
    return result;
}

hits tls_versions(inspection const& i)
{
    auto const least = tls_number(i.effective.value("ssl_min_protocol_version"));
    auto const most = tls_number(i.effective.value("ssl_max_protocol_version"));
    return when(least != 0 && most != 0 && least > most, {{"who", i.said_by("ssl_min_protocol_version")}});
}

hits binding_without_tls(inspection const& i)
{
    auto const disabled = i.effective.value("sslmode") == "disable";
    return when(i.effective.value("channel_binding") == "require" && (disabled || all_sockets(i)),
                {{"who", i.said_by("channel_binding")},
                 {"why", disabled ? "sslmode is disable" : "a Unix socket has no TLS"}});
}

hits physical_replication(inspection const& i)
{
    auto const value = lowered(i.effective.value("replication"));
    // The server's parse_bool: any beginning of a word, if it is the only one.
    auto const begins = [&](std::string_view word, std::size_t least) {
        return value.size() >= least && word.starts_with(value);
    };
    auto const off =
        value.empty() || begins("false", 1) || begins("no", 1) || begins("off", 2) || value == "0";
    return when(!off && value != "database", {{"who", i.said_by("replication")},
                                              {"value", telling_word(value) ? value : std::string{mask}}});
}

hits logical_replication(inspection const& i)
{
    return when(i.effective.value("replication") == "database", {{"who", i.said_by("replication")}});
}

// A form encodes a space as "+", a URL does not. A pooler may ignore options, so it is no refusal.
hits plus(inspection const& i)
{
    auto const& options = i.effective.value("options");
    return when(options.starts_with("-c+") || contains(options, "+-c"), {{"who", i.said_by("options")}});
}

hits read_only(inspection const& i)
{
    auto const folded = lowered(i.effective.value("options"));
    auto const on = {"default_transaction_read_only=on", "default_transaction_read_only=true",
                     "default_transaction_read_only=1", "default_transaction_read_only=yes"};
    return when(std::any_of(on.begin(), on.end(), [&](auto const* one) { return contains(folded, one); }),
                {{"who", i.said_by("options")}});
}

hits token(inspection const& i)
{
    return when(contains(i.effective.value("password"), "Action=connect&DBUser="),
                {{"who", i.said_by("password")}});
}

} // namespace

std::span<rule const> value_rules()
{
    return table;
}

} // namespace schemagate::url
