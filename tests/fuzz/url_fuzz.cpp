// A connection string of any bytes, in one of several environments: libpq and we read the same, nothing
// throws or leaks, and nothing of the password is shown.
//
// Input: one byte chooses the environment, one the policy and the way in (variable or file); the rest is the
// text. A password is recognised by a marker that the dictionary and the seeds put into the text: where libpq
// reads it as a password, or where nobody could tell that it is none, no piece of it may be shown.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "broken_promise.hpp"
#include "effective_reading.hpp"
#include "fuzz_environment.hpp"
#include "layout_reading.hpp"
#include "libpq_oracle.hpp"
#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/safe_text.hpp"

namespace url = schemagate::url;

namespace {

constexpr auto marker = std::string_view{"Zq7wKx2yVj"};
constexpr auto piece_size = std::size_t{4};

bool has_once(std::string_view text, std::string_view part)
{
    auto const at = text.find(part);
    return at != text.npos && text.find(part, at + 1) == text.npos;
}

// The parts of libpq's reading that hold the marker: "password", "dbname", …
bool only_secret(libpq_oracle::values const& read)
{
    auto found = false;
    for (auto const& [keyword, value] : read)
        if (value.find(marker) != value.npos) {
            if (keyword != "password" && keyword != "sslpassword")
                return false;
            found = true;
        }
    return found;
}

// From the first ":" behind the scheme to the last "@" everything may be a password, unless libpq reads it
// one way and all those "@" belong to parameters.
bool may_be_password(std::string const& text, std::optional<libpq_oracle::values> const& read)
{
    auto const layout = url::scan_uri(text);
    if (!layout)
        return false;
    auto const at = text.find(marker);
    auto const last = text.rfind('@');
    auto const colon = text.find(':', layout->scheme.size());
    if (colon == text.npos || colon > at || last == text.npos || last < at)
        return false;
    auto const query = layout->query ? text.size() - layout->query->size() : text.size();
    return !read || text.find('@', at) < query;
}

bool hides_marker(std::string const& text, std::optional<libpq_oracle::values> const& read)
{
    if (!has_once(text, marker))
        return false;
    for (auto at = std::size_t{0}; at + piece_size <= marker.size(); ++at)
        if (!has_once(text, marker.substr(at, piece_size)))
            return false; // a piece stands elsewhere too, where it may be shown
    return (read && only_secret(*read)) || may_be_password(text, read);
}

struct audience
{
    bool hides;

    void sees(std::string const& what, std::string const& text, bool one_visible_line = true) const
    {
        if (one_visible_line)
            promise(schemagate::printable(text) == text, what + " is one line of visible UTF-8", text);
        if (hides)
            for (auto at = std::size_t{0}; at + piece_size <= marker.size(); ++at)
                promise(text.find(marker.substr(at, piece_size)) == text.npos,
                        what + " shows nothing of the password", text);
    }
    void sees(schemagate::finding const& one) const
    {
        sees("a finding's code", one.code);
        sees("the message of " + one.code, one.message);
        sees("the fix of " + one.code, one.fix);
    }
};

// With the text's own values, and with the environment's, as libpq has them in this process.
void compare_with_libpq(std::string const& text, std::optional<libpq_oracle::values> const& read)
{
    if (auto const layout = url::scan_uri(text))
        promise(reading_of(*layout) == read, "the scanner's parts are libpq's");
    auto const set = url::libpq_parse(text);
    promise(set.has_value() == read.has_value(), "libpq's verdict is handed on");
    if (!set || !libpq_oracle::is_connection_string(text))
        return;
    auto const values = url::effective_values{*set, schemagate::this_place()};
    auto theirs = libpq_oracle::used(text);
    if (values.service_unknown() || !url::endpoints_of(values).counts_match)
        return promise(!theirs, "libpq refuses what we call refused");
    promise(theirs.has_value(), "libpq takes what we take");
    auto ours = reading_of(values);
    as_a_connection_holds_them(ours);
    as_a_connection_holds_them(*theirs);
    promise(ours == *theirs, "the effective values are libpq's");
}

void judge_settings(schemagate::connection_settings const& settings, schemagate::place const& where,
                    std::optional<libpq_oracle::values> const& read, audience const& all)
{
    all.sees("where()", settings.where());
    all.sees("the settings' redacted text", settings.redacted);
    all.sees("sslmode", settings.sslmode);
    // The values with which it connects; whoever shows them asks what is hidden.
    auto const shown = [&](char const* keyword, std::string const& value) {
        return settings.hidden.hides(keyword) ? std::string{} : value;
    };
    for (auto const& one : settings.endpoints)
        all.sees("an endpoint", shown("host", one.host) + " " + shown("port", one.port), false);
    all.sees("user and database", shown("user", settings.user) + " " + shown("dbname", settings.dbname),
             false);
    for (auto const* words : {"Connection refused", "could not translate host name", "Connection timed out"})
        all.sees("a hint", connect_hint(settings, where, "", words));
    for (auto const* sqlstate : {"28P01", "3D000", "28000"})
        all.sees("a hint", connect_hint(settings, where, sqlstate, ""));

    auto again = libpq_oracle::parsed(settings.soci_url().reveal());
    promise(again.has_value(), "libpq takes soci_url()");
    if (read->empty())
        again->erase("user"); // SOCI needs one parameter
    promise(again == read, "soci_url() keeps the values");
    for (auto const* keyword : {"password", "sslpassword"})
        if (read->count(keyword) != 0 && only_secret(*read))
            promise(
                scrub("<" + read->at(keyword) + "> " + settings.soci_url().reveal(), settings).find(marker) ==
                    std::string::npos,
                "scrub() finds the password");
}

std::optional<schemagate::database_url_text> read_text(schemagate::place const& where, audience const& all)
{
    try {
        return read_database_url(where);
    }
    catch (schemagate::failure const& f) {
        all.sees("a refusal to read", f.what());
        return std::nullopt;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    if (size < 2)
        return 0;
    auto const text = std::string{reinterpret_cast<char const*>(data) + 2, size - 2};
    auto const readable = text.find('\0') == text.npos;
    auto where = environment_number(data[0]);
    auto const read = readable ? libpq_oracle::parsed(text) : std::nullopt;
    auto const all = audience{readable && hides_marker(text, read)};
    if (readable)
        compare_with_libpq(text, read);
    all.sees("redact()", schemagate::redact(text));

    auto policy = schemagate::url_policy{};
    policy.connection = static_cast<schemagate::connection_method>(data[1] % 3);
    policy.tls = static_cast<schemagate::tls_policy>(data[1] / 3 % 3);
    auto const by_file = data[1] / 9 % 2 == 1;
    auto const accepted = data[1] / 18 % 2 == 1;
    if (by_file) {
        where.variables["DATABASE_URL_FILE"] = "/secret";
        where.contents["/secret"] = text;
    }
    else {
        where.variables["DATABASE_URL"] = text;
    }
    auto const given = read_text(where, all);
    if (!given)
        return 0;
    if (accepted)
        for (auto const& one : check(*given, where, policy).findings)
            policy.accept.insert(one.code);
    auto const diagnosis = check(*given, where, policy);
    all.sees("the redacted text", diagnosis.redacted);
    for (auto const& one : diagnosis.findings)
        all.sees(one);
    auto const same_text = given->text.reveal() == text; // a file's last newline is left out
    if (diagnosis.effective && same_text) {
        promise(read.has_value(), "only what libpq takes is effective");
        // Who accepts an ambiguous text says that its host is a host: then it is named as one.
        judge_settings(*diagnosis.effective, where, read, accepted ? audience{false} : all);
    }
    try {
        static_cast<void>(require_usable(diagnosis));
        promise(diagnosis.verdict != schemagate::verdict::error, "what is refused cannot be used");
    }
    catch (schemagate::failure const& f) {
        all.sees("the refusal", f.what());
        promise(diagnosis.verdict == schemagate::verdict::error, "what is not refused can be used");
    }
    return 0;
}
