// `url check`: steps 1 and 2 of a boot, and nothing else. It opens no connection and asks no name server, so
// it may stand in a container's entry point or in a pipeline before anything is reachable.
#include <algorithm>
#include <boost/json.hpp>

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
    std::vector<std::string> hostaddrs; ///< empty, or as many as hosts
    std::string dbname;
    std::string user;
    std::string transport;
    std::string sslmode;
};

effective_values shown_values(connection_settings const& settings)
{
    effective_values v;
    bool tcp = false;
    bool socket = false;
    for (auto const& e : settings.endpoints) {
        v.hosts.push_back(settings.shown_host(e));
        v.ports.push_back(settings.shown_port(e));
        if (!e.hostaddr.empty()) {
            v.hostaddrs.push_back(settings.shown_host({e.hostaddr, e.port}));
        }
        (e.transport == transport::tcp ? tcp : socket) = true;
    }
    v.dbname = settings.shown_dbname();
    v.user = settings.shown_user();
    v.sslmode = settings.sslmode;
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
        throw flags.in_terms_of_flags(f);
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
        auto const v = shown_values(*d.effective);
        line["effective"] = {{"hosts", boost::json::array(v.hosts.begin(), v.hosts.end())},
                             {"ports", boost::json::array(v.ports.begin(), v.ports.end())},
                             {"dbname", v.dbname},
                             {"user", v.user},
                             {"transport", v.transport},
                             {"sslmode", v.sslmode}};
        if (!v.hostaddrs.empty()) {
            line["effective"].as_object()["hostaddrs"] =
                boost::json::array(v.hostaddrs.begin(), v.hostaddrs.end());
        }
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
        auto const v = shown_values(*d.effective);
        std::vector<std::vector<std::string>> rows{{"  hosts", joined(v.hosts)},
                                                   {"  ports", joined(v.ports)}};
        if (!v.hostaddrs.empty()) {
            rows.push_back({"  hostaddrs", joined(v.hostaddrs)});
        }
        rows.insert(rows.end(), {{"  dbname", v.dbname},
                                 {"  user", v.user},
                                 {"  transport", v.transport},
                                 {"  sslmode", v.sslmode}});
        text += table(rows);
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
