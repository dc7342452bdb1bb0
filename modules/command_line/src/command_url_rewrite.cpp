// `url rewrite`: the old URL from the environment or stdin, the new one to stdout or a file. stdout carries
// the URL alone, so that it can be piped into a secret manager; what changed is said on stderr.
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <unistd.h>

#include "commands.hpp"
#include "console.hpp"
#include "findings_json.hpp"
#include "private_file.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/rewrite.hpp"
#include "schemagate/secret_file.hpp"

namespace schemagate {
namespace {

// The URL may be for another machine: what is missing on this one does not speak against it.
constexpr std::array<char const*, 4> of_this_place{"socket-not-mounted", "socket-folder-absent",
                                                   "socket-folder-is-file", "root-certificate-missing"};

database_url_text old_url(arguments const& asked, place const& where)
{
    auto const needs_stdin = asked.rewrite.password_file == "-";
    constexpr auto both = "stdin cannot hold both: --password-file - needs the URL in the environment.";
    if (asked.which.from_stdin && needs_stdin) {
        throw usage_error{both};
    }
    if (asked.which.made()) {
        return chosen_url(asked.which, where);
    }
    auto found = read_database_url(where);
    if (!found || found->text.empty()) {
        if (needs_stdin) {
            throw usage_error{both};
        }
        found = url_on_stdin();
    }
    if (!found) {
        throw failure{errc::url_refused,
                      "DATABASE_URL is not set, nor DATABASE_URL_FILE, nor is there a credential, nor a "
                      "connection string on stdin.",
                      "Pipe the old one in (never as an argument), or name a file that holds it: "
                      "DATABASE_URL_FILE=/path."}
            .with_finding("url-missing");
    }
    return std::move(*found);
}

secret new_password(std::string const& file, place const& where, std::vector<finding>& findings)
{
    constexpr auto noun = "the new password";
    if (file == "-" && ::isatty(STDIN_FILENO) == 1) {
        throw usage_error{"--password-file - reads stdin, and that is a terminal, which would show it."};
    }
    auto read = file == "-" ? read_stdin(noun)
                            : read_secret_file(where, file, "--password-file " + printable(file), noun);
    findings.insert(findings.end(), read.findings.begin(), read.findings.end());
    return std::move(read.text);
}

/// Throws failure{errc::url_refused} for a result that a boot would refuse anywhere.
std::vector<finding> judge(database_url_text const& result, place const& where, url_policy policy)
{
    auto const accepted = policy.accept;
    policy.accept.insert(of_this_place.begin(), of_this_place.end());
    auto diagnosis = check(result, where, policy);
    if (diagnosis.verdict == verdict::error) {
        auto const& worst = diagnosis.findings.front();
        throw failure{errc::url_refused,
                      "The new connection string would be refused, so it was not written: " + worst.message,
                      worst.fix + " To write it all the same: --accept " + worst.code + '.'}
            .with_finding(worst.code);
    }
    constexpr std::string_view by_operator = " (accepted by the operator)";
    for (auto& one : diagnosis.findings) {
        if (!accepted.contains(one.code) && one.message.ends_with(by_operator)) {
            one.message.resize(one.message.size() - by_operator.size());
            one.message += " (Only in this place.)";
        }
    }
    return diagnosis.findings;
}

std::string summary(rewritten_url const& done, std::string const& source)
{
    std::string text;
    for (auto const& [keyword, before, after] : done.changed) {
        text += (text.empty() ? "" : ", ") + keyword + ' ' + (before.empty() ? "(none)" : before) + " -> " +
                (after.empty() ? "(none)" : after);
    }
    return source + ": " + (text.empty() ? "nothing changed" : text) + "; now " + done.redacted;
}

boost::json::object summary_json(rewritten_url const& done, std::string const& written)
{
    boost::json::array changed;
    for (auto const& [keyword, before, after] : done.changed) {
        changed.push_back(boost::json::object{
            {"part", printable(keyword)}, {"from", printable(before)}, {"to", printable(after)}});
    }
    return {{"changed", std::move(changed)},
            {"redacted", printable(done.redacted)},
            {"written", printable(written)},
            {"findings", findings_json(done.findings)}};
}

void write_to_stdout(secret const& text, bool newline)
{
    std::string bytes;
    bytes.reserve(text.reveal().size() + 1);
    bytes += text.reveal();
    bytes += newline ? "\n" : "";
    secret const whole{std::move(bytes)};
    auto const error = print_whole(whole.reveal());
    if (error != 0) {
        throw failure{error == EPIPE ? errc::interrupted : errc::disk_full,
                      "stdout did not take the whole connection string: " +
                          std::string{std::strerror(error)} + ".", // NOLINT(concurrency-mt-unsafe)
                      "Do not use what it took. Run it again where it can be written."};
    }
}

void say(command_line const& host, bool json, rewritten_url const& done, std::string const& source,
         std::optional<std::string> const& out)
{
    if (json && out) {
        return print(summary_json(done, *out));
    }
    if (json) {
        return complain_json(summary_json(done, "stdout"));
    }
    complain(host.program, summary(done, source));
    for (auto const& one : done.findings) {
        if (one.severity != severity::note) {
            complain(host.program, "warning " + one.code + ": " + one.message + ' ' + one.fix);
        }
    }
}

} // namespace

int command_url_rewrite(command_line const& host, arguments const& asked, place const& where)
{
    auto const& request = asked.rewrite;
    if (!request.out && !request.show && ::isatty(STDOUT_FILENO) == 1) {
        throw usage_error{
            "stdout is a terminal, and the URL holds a password: pipe it on, give --out FILE, or "
            "--show to see it."};
    }
    auto const policy = policy_without_url(asked.flags, where);
    auto const old = old_url(asked, where);
    auto change = request.change;
    change.doubt_accepted = policy.accept.contains("doubtful-reading");
    std::vector<finding> findings;
    if (request.password_file) {
        change.password = new_password(*request.password_file, where, findings);
    }

    rewritten_url done;
    try {
        done = rewrite(old, change, where);
    }
    catch (failure const& f) {
        if (f.code() != errc::usage) {
            throw;
        }
        throw usage_error{f.message() + ' ' + f.fix()};
    }
    auto const judged = judge({done.text, old.source, {}}, where, policy);
    findings.insert(findings.end(), done.findings.begin(), done.findings.end());
    findings.insert(findings.end(), judged.begin(), judged.end());
    done.findings = std::move(findings);

    if (request.out) {
        write_private_file(*request.out, done.text.reveal());
    }
    else {
        write_to_stdout(done.text, !request.no_newline);
    }
    say(host, asked.json, done, old.source, request.out);
    return 0;
}

} // namespace schemagate
