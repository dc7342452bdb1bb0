// `url check`: steps 1 and 2 of a boot, and nothing else. It opens no connection and asks no name server, so
// it may stand in a container's entry point or in a pipeline before anything is reachable.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "commands.hpp"
#include "console.hpp"
#include "findings_json.hpp"
#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"
#include "setting_flags.hpp"

namespace schemagate {
namespace {

struct effective_values
{
    std::vector<std::string> hosts;
    std::vector<std::string> ports;
    std::string dbname;
    std::string user;
    std::string transport;
    std::string sslmode;
};

std::string percent_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        auto const* const hex = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() && std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2) {
            out += static_cast<char>(byte);
            i += 2;
        }
        else {
            out += text[i];
        }
    }
    return out;
}

// Shows effective values. libpq cuts an unescaped password apart at its first '/', '?' or '@', and the pieces
// land in host, port and dbname; then a value here is a piece of a secret. Two lines of defence: such a cut
// leaves a trace (an '@' where none belongs, a port that is no number), and then nothing is shown; and a
// value that the text itself sets is shown only if its redacted form, which masks by position, shows it too.
class display
{
public:
    explicit display(url_diagnosis const& d)
        : settings_{*d.effective}, redacted_{d.redacted + ' ' + percent_decoded(d.redacted)},
          torn_{has_at(settings_.dbname) || has_at(settings_.sslmode)}
    {
        for (auto const& e : settings_.endpoints) {
            torn_ = torn_ || has_at(e.host, 1) || // "@name" is an abstract socket
                    e.port.find_first_not_of("0123456789") != e.port.npos;
        }
    }

    [[nodiscard]] std::string operator()(std::string const& value,
                                         std::initializer_list<char const*> keywords) const
    {
        bool const from_text = std::any_of(
            settings_.parameters.begin(), settings_.parameters.end(), [&](connection_parameter const& p) {
                return std::find(keywords.begin(), keywords.end(), p.keyword) != keywords.end();
            });
        bool const masked =
            torn_ || has_at(value, 1) || (from_text && redacted_.find(value) == redacted_.npos);
        return masked ? "***" : printable(value);
    }

private:
    static bool has_at(std::string const& text, std::size_t from = 0)
    {
        return text.find('@', from) != text.npos;
    }

    connection_settings const& settings_;
    std::string redacted_;
    bool torn_;
};

effective_values shown_values(url_diagnosis const& d)
{
    display const show{d};
    effective_values v;
    bool tcp = false;
    bool socket = false;
    for (auto const& e : d.effective->endpoints) {
        v.hosts.push_back(show(e.host, {"host", "hostaddr"}));
        v.ports.push_back(show(e.port, {"port"}));
        (e.transport == transport::tcp ? tcp : socket) = true;
    }
    v.dbname = show(d.effective->dbname, {"dbname"});
    v.user = show(d.effective->user, {"user"});
    v.sslmode = show(d.effective->sslmode, {"sslmode"});
    v.transport = tcp && socket ? "mixed" : socket ? "socket" : "tcp";
    return v;
}

url_diagnosis refused(std::string code, std::string message, std::string fix)
{
    url_diagnosis d;
    d.verdict = verdict::error;
    d.findings.push_back({std::move(code), severity::refuse, std::move(message), std::move(fix)});
    return d;
}

// One that is not the environment's: what is wrong with that one is no fault of this one.
url_diagnosis diagnose_chosen(arguments const& asked, place const& where)
{
    auto const policy = policy_without_url(asked.flags, where);
    try {
        return check(chosen_url(asked.which, where), where, policy);
    }
    catch (failure const& f) {
        if (f.code() != errc::url_refused) {
            throw;
        }
        return refused(std::string{f.code_name()}, f.message(), f.fix());
    }
}

url_diagnosis diagnose(arguments const& asked, place const& where)
{
    if (asked.which.made()) {
        return diagnose_chosen(asked, where);
    }
    place_with_flags const flags{where, asked.flags};
    settings with;
    try {
        with = settings::from_environment(flags);
    }
    catch (failure const& f) {
        if (f.code() != errc::url_refused) {
            throw flags.in_terms_of_flags(f);
        }
        return refused(std::string{f.code_name()}, f.message(),
                       f.fix()); // two sources, a file that cannot be read
    }
    if (!with.database_url) {
        return refused("url-missing",
                       "DATABASE_URL is not set, nor DATABASE_URL_FILE, nor is there a credential.",
                       "Set for example DATABASE_URL=postgresql://user:password@host:5432/dbname, or pipe it "
                       "in: url check --stdin.");
    }
    return check(*with.database_url, where, with.url);
}

void print_json(url_diagnosis const& d)
{
    boost::json::object line{{"verdict", name(d.verdict)},
                             {"findings", findings_json(d.findings)},
                             {"effective", nullptr},
                             {"redacted", printable(d.redacted)}};
    if (d.effective) {
        auto const v = shown_values(d);
        line["effective"] = {{"hosts", boost::json::array(v.hosts.begin(), v.hosts.end())},
                             {"ports", boost::json::array(v.ports.begin(), v.ports.end())},
                             {"dbname", v.dbname},
                             {"user", v.user},
                             {"transport", v.transport},
                             {"sslmode", v.sslmode}};
    }
    print(line);
}

std::string joined(std::vector<std::string> const& words)
{
    std::string out;
    for (auto const& w : words) {
        out += (out.empty() ? "" : ", ") + w;
    }
    return out;
}

void print_text(url_diagnosis const& d)
{
    auto const colour = colour_wanted();
    std::string text = "verdict: " + std::string{name(d.verdict)} + '\n';
    if (!d.redacted.empty()) {
        text += "url: " + printable(d.redacted) + '\n';
    }
    if (d.effective) {
        auto const v = shown_values(d);
        text += table({{"  hosts", joined(v.hosts)},
                       {"  ports", joined(v.ports)},
                       {"  dbname", v.dbname},
                       {"  user", v.user},
                       {"  transport", v.transport},
                       {"  sslmode", v.sslmode}});
    }
    for (auto const& f : d.findings) {
        auto const m = f.severity == severity::refuse ? mark::bad : mark::open;
        text += shown(m, colour) + ' ' + printable(f.code) + " (" + std::string{name(f.severity)} +
                "): " + printable(f.message) + '\n';
        text += f.fix.empty() ? "" : "  fix: " + printable(f.fix) + '\n';
    }
    print(text);
}

} // namespace

int command_url_check(arguments const& asked, place const& where)
{
    auto const d = diagnose(asked, where);
    if (asked.json) {
        print_json(d);
    }
    else {
        print_text(d);
    }
    return static_cast<int>(d.verdict == verdict::error ? exit_class::configuration : exit_class::done);
}

} // namespace schemagate
