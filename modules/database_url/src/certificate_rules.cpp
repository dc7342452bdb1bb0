// Files that libpq reads for TLS or for the password (PostgreSQL documentation, "34.19 SSL Support" and
// "34.16 The Password File"; fe-secure-openssl.c, initialize_SSL). A wrong one ends every attempt that has to
// use TLS.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "libpq_parser.hpp"
#include "rule.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

hits system_roots(inspection const& i);
hits root_missing(inspection const& i);
hits not_expanded(inspection const& i);
hits root_folder(inspection const& i);
hits root_null(inspection const& i);
hits root_without_certificate(inspection const& i);
hits certificate_missing(inspection const& i);
hits key_missing(inspection const& i);
hits key_shared(inspection const& i);
hits passfile_absent(inspection const& i);
hits passfile_shared(inspection const& i);

constexpr auto refuse = severity::refuse;
constexpr auto warn = severity::warn;

constexpr auto table = std::array{
    rule{"root-certificate-missing", refuse,
         "{who} asks for sslmode={mode}, but the root certificate {file} is not there.",
         "sslrootcert=system needs libpq 16. Name a file: sslrootcert=/etc/ssl/certs/ca-certificates.crt.",
         system_roots},
    rule{"root-certificate-missing", refuse,
         "{who} asks for sslmode={mode}, but the root certificate {file} is not there.",
         "Put the provider's root certificate into the image and name it: sslrootcert=/PATH/root.crt (Amazon "
         "RDS: "
         "global-bundle.pem; a public CA: /etc/ssl/certs/ca-certificates.crt).",
         root_missing},
    rule{"root-certificate-not-a-file", refuse, "{who} names {file} as sslrootcert, which is a folder.",
         "Name the file in it: sslrootcert=/PATH/root.crt.", root_folder},
    rule{"root-certificate-not-a-file", refuse,
         "{who} names {file} as sslrootcert: libpq reads it, and ends at the certificate that is not in it.",
         "Name a file: sslrootcert=/PATH/root.crt.", root_null},
    rule{"root-certificate-empty", refuse,
         "{who} names {file} as sslrootcert, which holds no certificate in PEM form: libpq refuses it.",
         "Store the certificate there with its -----BEGIN CERTIFICATE----- (from DER: openssl x509 -inform "
         "der).",
         root_without_certificate},
    rule{"path-not-expanded", warn, "{who} sets {keyword} to {what}: libpq takes it for a path as it is.",
         "Write the whole path: {keyword}=/PATH/OF/THE/FILE.", not_expanded},
    rule{"client-certificate-missing", warn,
         "{who} names {file} as sslcert, which does not exist {here}: libpq connects without a certificate "
         "then.",
         "Mount it there, or drop sslcert.", certificate_missing},
    rule{"client-key-missing", refuse,
         "There is a certificate for {name} to show, but not its private key {file}.",
         "Mount the key there, or name it: sslkey=/PATH/client.key.", key_missing},
    rule{"client-key-shared", refuse, "The private key {file} may be {done} by others, so libpq refuses it.",
         "chmod 0600 it (0640 if root owns it); in Kubernetes mount the secret with defaultMode: 0600.",
         key_shared},
    rule{"passfile-absent", warn, "The passfile {file} does not exist {here}, and {name} holds no password.",
         "Mount it there, or correct passfile= (or PGPASSFILE).", passfile_absent},
    rule{"passfile-ignored", warn,
         "The passfile {file} may be read by others than its owner, so libpq passes over it, and {name} "
         "holds no "
         "password.",
         "chmod 0600 it; in Kubernetes mount the secret with defaultMode: 0600.", passfile_shared},
};

// A certificate matters to TCP alone, and beside a socket, or where libpq may go on without TLS, it may not
// be needed.
bool uses_tls(inspection const& i)
{
    return i.effective.value("sslmode") != "disable" &&
           std::any_of(i.endpoints.all.begin(), i.endpoints.all.end(),
                       [](auto const& one) { return !one.is_socket(); });
}

std::optional<severity> weight(inspection const& i)
{
    auto const& mode = i.effective.value("sslmode");
    auto const socket = std::any_of(i.endpoints.all.begin(), i.endpoints.all.end(),
                                    [](auto const& one) { return one.is_socket(); });
    return socket || mode == "prefer" || mode == "allow" ? std::optional{warn} : std::nullopt;
}

bool verifies(inspection const& i)
{
    auto const& mode = i.effective.value("sslmode");
    return uses_tls(i) && (mode == "verify-ca" || mode == "verify-full");
}

// Named by the keyword, else libpq's own in the account's folder; "" where that is not known.
std::string file_for(inspection const& i, std::string_view keyword, std::string_view otherwise)
{
    auto const& named = i.effective.value(keyword);
    auto const home = i.where.variable("HOME").value_or(""); // else libpq would ask the account's entry
    return !named.empty() ? named : home.empty() ? std::string{} : home + std::string{otherwise};
}

std::string shown_file(inspection const& i, std::string const& file)
{
    return i.hidden.values ? std::string{mask} : shown_path(file);
}

hit about_file(inspection const& i, std::string_view keyword, std::string const& file)
{
    return {
        {{"who", i.said_by(keyword)}, {"mode", i.effective.value("sslmode")}, {"file", shown_file(i, file)}},
        weight(i)};
}

bool system_asked(inspection const& i)
{
    return i.effective.value("sslrootcert") == "system";
}

hits missing_root(inspection const& i)
{
    auto const file = file_for(i, "sslrootcert", "/.postgresql/root.crt");
    if (!verifies(i) || file.empty() || (system_asked(i) && libpq_version() >= 160000) ||
        i.where.kind_of(file) != file_kind::absent)
        return {};
    return {about_file(i, "sslmode", file)};
}

hits system_roots(inspection const& i)
{
    return system_asked(i) ? missing_root(i) : hits{};
}

hits root_missing(inspection const& i)
{
    return system_asked(i) ? hits{} : missing_root(i);
}

hits root_folder(inspection const& i)
{
    auto const file = file_for(i, "sslrootcert", "/.postgresql/root.crt");
    if (!uses_tls(i) || file.empty() || i.where.kind_of(file) != file_kind::folder)
        return {};
    return {about_file(i, "sslrootcert", file)};
}

hits root_null(inspection const& i)
{
    return uses_tls(i) && i.effective.value("sslrootcert") == "/dev/null"
               ? hits{about_file(i, "sslrootcert", "/dev/null")}
               : hits{};
}

hits root_without_certificate(inspection const& i)
{
    constexpr auto size_max = std::size_t{1} << 20U;
    auto const file = file_for(i, "sslrootcert", "/.postgresql/root.crt");
    if (!uses_tls(i) || file.empty() || i.where.kind_of(file) != file_kind::regular)
        return {};
    auto const content = i.where.content_of(file, size_max);
    if (!content || content->size() > size_max || contains(*content, "CERTIFICATE-----"))
        return {};
    return {about_file(i, "sslrootcert", file)};
}

// A shell expands ~ and $NAME, and some drivers take the certificate itself.
hits not_expanded(inspection const& i)
{
    auto result = hits{};
    for (auto const* const keyword : {"sslrootcert", "sslcert", "sslkey", "passfile"}) {
        auto const& value = i.effective.value(keyword);
        auto const* const what = contains(value, "-----BEGIN") ? "what belongs into the file"
                                 : value.starts_with('~')      ? "a path with ~"
                                 : value.starts_with('$')      ? "a path with a variable"
                                                               : "";
        if (*what != '\0')
            result.push_back({{{"who", i.said_by(keyword)}, {"keyword", keyword}, {"what", what}}});
    }
    return result;
}

std::string certificate(inspection const& i)
{
    return file_for(i, "sslcert", "/.postgresql/postgresql.crt");
}

bool has_certificate(inspection const& i)
{
    auto const file = certificate(i);
    return uses_tls(i) && !file.empty() && i.where.kind_of(file) == file_kind::regular;
}

hits certificate_missing(inspection const& i)
{
    auto const& named = i.effective.value("sslcert");
    if (!uses_tls(i) || named.empty() || i.where.kind_of(named) != file_kind::absent)
        return {};
    return {about_file(i, "sslcert", named)};
}

std::string key(inspection const& i)
{
    auto file = file_for(i, "sslkey", "/.postgresql/postgresql.key");
    return contains(file, ':') && !file.starts_with('/') ? std::string{}
                                                         : file; // ENGINE:KEY, an OpenSSL engine's
}

hits key_missing(inspection const& i)
{
    auto const file = key(i);
    if (!has_certificate(i) || file.empty() || i.where.kind_of(file) != file_kind::absent)
        return {};
    return {about_file(i, "sslkey", file)};
}

// libpq takes 0640 from root, so that a group may share a certificate of the system.
hits key_shared(inspection const& i)
{
    auto const file = key(i);
    if (!has_certificate(i) || file.empty() || i.where.kind_of(file) != file_kind::regular)
        return {};
    auto const access = i.where.access_of(file);
    if (!access || (access->mode & (access->owned_by_root ? 0037U : 0077U)) == 0)
        return {};
    auto result = about_file(i, "sslkey", file);
    result.words.push_back({"done", (access->mode & 0044U) != 0 ? "read" : "changed"});
    return {result};
}

// The passfile that libpq would look into; "" where it needs none.
std::string passfile(inspection const& i)
{
    return i.effective.value("password").empty() ? file_for(i, "passfile", "/.pgpass") : std::string{};
}

hits passfile_absent(inspection const& i)
{
    auto const file = passfile(i);
    auto const named = !i.effective.value("passfile").empty();
    return when(named && !file.empty() && i.where.kind_of(file) == file_kind::absent,
                {{"file", shown_file(i, file)}});
}

hits passfile_shared(inspection const& i)
{
    auto const file = passfile(i);
    if (file.empty() || i.where.kind_of(file) != file_kind::regular)
        return {};
    auto const access = i.where.access_of(file);
    return when(access && access->shared(), {{"file", shown_file(i, file)}});
}

} // namespace

std::span<rule const> certificate_rules()
{
    return table;
}

} // namespace schemagate::url
