// What particular providers ask for, told by the host's name. Never a refusal: their rules change, and the
// server's own answer comes at once.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "shown.hpp"

namespace schemagate::url {

namespace {

struct internal_name
{
    std::string_view suffix;
    std::string_view variable; ///< set where such names resolve
    std::string_view where;
    std::string_view fix;
};

constexpr auto internal_names = std::array{
    internal_name{".railway.internal", "RAILWAY_ENVIRONMENT", "inside Railway", "use DATABASE_PUBLIC_URL."},
    internal_name{".flycast", "FLY_APP_NAME", "inside Fly.io", "use fly proxy 5432."},
    internal_name{".svc.cluster.local", "KUBERNETES_SERVICE_HOST", "inside its Kubernetes cluster",
                  "use kubectl port-forward."},
    internal_name{".svc", "KUBERNETES_SERVICE_HOST", "inside its Kubernetes cluster",
                  "use kubectl port-forward."},
};

void judge_internal(inspection& i, std::string const& host)
{
    auto const say = [&](std::string_view where, std::string_view fix) {
        i.warn("internal-name",
               "The host " + shown_host(host) + " has a name that is only known " + std::string{where} + ".",
               "If this process runs elsewhere, " + std::string{fix});
    };
    for (auto const& name : internal_names)
        if (host.ends_with(name.suffix) && !i.where.variable(std::string{name.variable})) {
            say(name.where, name.fix);
            return;
        }
    if (host.starts_with("dpg-") && !contains(host, '.') && !i.where.variable("RENDER"))
        say("inside Render", "use the external database URL.");
    if (host == "host.docker.internal" && !is_container(i.where))
        say("inside a container of Docker Desktop", "use localhost.");
}

void judge_supabase(inspection& i, way const& one)
{
    if (one.host.ends_with(".pooler.supabase.com")) {
        if (!contains(i.effective.user(), '.') && i.effective.value("options").empty())
            i.warn("supabase-user",
                   i.name +
                       " names Supabase's pooler, which tells projects apart by the user, but the user has "
                       "no project in it.",
                   "Write the user as postgres.PROJECT_REF, as Supabase's \"Connect\" page shows it.");
        if (one.port == "6543")
            i.warn("supabase-transaction-mode",
                   "Port 6543 of Supabase's pooler is its transaction mode, in which no lock of a session "
                   "holds.",
                   "Use port 5432 (session mode), or name a direct way in MIGRATION_DATABASE_URL.");
    }
    else if (one.host.starts_with("db.") && one.host.ends_with(".supabase.co")) {
        i.warn("supabase-ipv6",
               "Supabase's direct host has an IPv6 address only; Cloud Run and GitHub Actions have no IPv6 "
               "route.",
               "If it cannot be reached, use the session pooler: "
               "postgres.PROJECT_REF:***@aws-0-REGION.pooler.supabase.com:5432");
    }
}

void judge_neon(inspection& i, way const& one)
{
    if (!one.host.ends_with(".neon.tech") || !contains(one.host, "-pooler."))
        return;
    i.warn("neon-pooler",
           "The host has -pooler in its name: Neon's pooler works in transaction mode, in which no lock of a "
           "session holds.",
           "Drop \"-pooler\" from the host, at least in MIGRATION_DATABASE_URL.");
    if (i.effective.from("options") == origin::text)
        i.warn("neon-pooler-options", "Neon's pooler refuses the startup parameter options.",
               "Drop options=…, or drop \"-pooler\" from the host.");
}

void judge_azure(inspection& i, way const& one)
{
    auto const& mode = i.effective.value("sslmode");
    if (one.host.ends_with(".postgres.database.azure.com") && (mode == "disable" || mode == "allow"))
        i.warn("azure-tls", "Azure's servers refuse connections without TLS, but sslmode is " + mode + ".",
               "Write sslmode=require.");
}

void judge_cloudsql_name(inspection& i, way const& one)
{
    if (!one.host.starts_with("/cloudsql/"))
        return;
    auto const colons = std::count(one.host.begin(), one.host.end(), ':');
    if (colons < 2)
        i.warn("cloudsql-name",
               "The socket folder " + shown_host(one.host) +
                   " does not end with PROJECT:REGION:INSTANCE, as Cloud Run names it.",
               "Compare it with gcloud sql instances describe NAME --format='value(connectionName)'.");
}

} // namespace

void judge_provider(inspection& i)
{
    for (auto const& one : i.ways.ways) {
        if (one.is_socket()) {
            judge_cloudsql_name(i, one);
            continue;
        }
        judge_internal(i, one.host);
        judge_supabase(i, one);
        judge_neon(i, one);
        judge_azure(i, one);
    }
}

} // namespace schemagate::url
