// What particular providers ask for, told by the host's name. Never a refusal: their rules change, and the
// server's own answer comes at once.
#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "inspection.hpp"
#include "rule.hpp"

namespace schemagate::url {

namespace {

hits internal_name(inspection const& i);
hits supabase_user(inspection const& i);
hits supabase_transactions(inspection const& i);
hits supabase_ipv6(inspection const& i);
hits pooler(inspection const& i);
hits neon_pooler(inspection const& i);
hits neon_options(inspection const& i);
hits without_tls(inspection const& i);

constexpr auto warn = severity::warn;

constexpr auto table = std::array{
    rule{"internal-name", warn, "The host {host} has a name that is only known {where}.",
         "If this process runs elsewhere, {fix}", internal_name},
    rule{"supabase-user", warn,
         "{name} names Supabase's pooler, which tells projects apart by the user, but the user has no "
         "project in it.",
         "Write the user as postgres.PROJECT_REF, as Supabase's \"Connect\" page shows it.", supabase_user},
    rule{"supabase-transaction-mode", warn,
         "Port 6543 of Supabase's pooler is its transaction mode, in which no lock of a session holds.",
         "Use port 5432 (session mode), or name a direct endpoint in MIGRATION_DATABASE_URL.",
         supabase_transactions},
    rule{"supabase-ipv6", warn,
         "Supabase's direct host has an IPv6 address only; Cloud Run and GitHub Actions have no IPv6 route.",
         "If it cannot be reached, use the session pooler: "
         "postgres.PROJECT_REF:***@aws-0-REGION.pooler.supabase.com:5432",
         supabase_ipv6},
    rule{"pooler-likely", severity::note,
         "{host}, port {port}, is {whose}: in its transaction mode no lock of a session holds.",
         "Name the server itself in MIGRATION_DATABASE_URL, or a pool in session mode.", pooler},
    rule{"neon-pooler", warn,
         "The host has -pooler in its name: Neon's pooler works in transaction mode, in which no lock of a "
         "session "
         "holds.",
         "Drop \"-pooler\" from the host, at least in MIGRATION_DATABASE_URL.", neon_pooler},
    rule{"neon-pooler-options", warn, "Neon's pooler refuses the startup parameter options.",
         "Drop options=…, or drop \"-pooler\" from the host.", neon_options},
    rule{"provider-tls", warn, "{Provider}'s servers refuse connections without TLS, but sslmode is {mode}.",
         "Write sslmode=require.", without_tls},
};

/// One hit for each endpoint by TCP that passes the test.
template <class Test>
hits hosts_that(inspection const& i, Test test)
{
    auto result = hits{};
    for (auto const& one : i.endpoints.all)
        if (!one.is_socket() && test(one))
            result.push_back({{{"host", i.shown_host(one.host)}}});
    return result;
}

// Names that resolve inside of one place only.
struct inner_name
{
    std::string_view begin;
    std::string_view end;
    std::string_view place; ///< describe()'s name where such names resolve
    std::string_view where;
    std::string_view fix;
};

constexpr auto inner_names = std::array{
    inner_name{"", ".railway.internal", "Railway", "inside Railway", "use DATABASE_PUBLIC_URL."},
    inner_name{"", ".flycast", "Fly.io", "inside Fly.io", "use fly proxy 5432."},
    inner_name{"", ".svc.cluster.local", "Kubernetes", "inside its Kubernetes cluster",
               "use kubectl port-forward."},
    inner_name{"", ".svc", "Kubernetes", "inside its Kubernetes cluster", "use kubectl port-forward."},
    inner_name{"dpg-", "", "Render", "inside Render", "use the external database URL."},
};

bool fits(inner_name const& name, std::string_view host)
{
    return host.starts_with(name.begin) && host.ends_with(name.end) &&
           (name.begin.empty() || !contains(host, '.'));
}

bool resolves_here(inspection const& i, inner_name const& name)
{
    return describe(i.where) == name.place ||
           (name.place == "Kubernetes" && i.where.variable("KUBERNETES_SERVICE_HOST"));
}

hits internal_name(inspection const& i)
{
    auto result = hits{};
    for (auto const& one : i.endpoints.all) {
        auto const found = std::find_if(inner_names.begin(), inner_names.end(),
                                        [&](auto const& name) { return fits(name, one.host); });
        if (found != inner_names.end() && !resolves_here(i, *found))
            result.push_back({{{"host", i.shown_host(one.host)},
                               {"where", std::string{found->where}},
                               {"fix", std::string{found->fix}}}});
        if (one.host == "host.docker.internal" && !is_container(i.where))
            result.push_back({{{"host", one.host},
                               {"where", "inside a container of Docker Desktop"},
                               {"fix", "use localhost."}}});
    }
    return result;
}

bool supabase_pooler(endpoint_values const& one)
{
    return one.host.ends_with(".pooler.supabase.com");
}

hits supabase_user(inspection const& i)
{
    return hosts_that(i, [&](auto const& one) {
        return supabase_pooler(one) && !contains(i.effective.user(), '.') &&
               i.effective.value("options").empty();
    });
}

hits supabase_transactions(inspection const& i)
{
    return hosts_that(i, [](auto const& one) { return supabase_pooler(one) && one.port == "6543"; });
}

hits supabase_ipv6(inspection const& i)
{
    return hosts_that(
        i, [](auto const& one) { return one.host.starts_with("db.") && one.host.ends_with(".supabase.co"); });
}

struct pooler_name
{
    std::string_view part; ///< of the host
    std::string_view port; ///< "" for any
    std::string_view whose;
};

constexpr auto poolers = std::array{
    pooler_name{".supabase.co", "6543", "Supabase's own pooler of the project"},
    pooler_name{".ondigitalocean.com", "25061", "a connection pool of DigitalOcean"},
    pooler_name{".postgres.database.azure.com", "6432", "the PgBouncer of Azure"},
    pooler_name{"pgbouncer", "", "a PgBouncer by its name"},
    pooler_name{"pgcat", "", "a PgCat by its name"},
    pooler_name{"supavisor", "", "a Supavisor by its name"},
};

hits pooler(inspection const& i)
{
    auto result = hits{};
    for (auto const& endpoint : i.endpoints.all)
        for (auto const& one : poolers)
            if (!endpoint.is_socket() && !supabase_pooler(endpoint) && contains(endpoint.host, one.part) &&
                (one.port.empty() || endpoint.port == one.port))
                result.push_back({{{"host", i.shown_host(endpoint.host)},
                                   {"port", i.shown_port(endpoint.port)},
                                   {"whose", std::string{one.whose}}}});
    return result;
}

hits neon_pooler(inspection const& i)
{
    return hosts_that(i, [](auto const& one) {
        return one.host.ends_with(".neon.tech") && contains(one.host, "-pooler.");
    });
}

hits neon_options(inspection const& i)
{
    return i.effective.from("options") == origin::text ? neon_pooler(i) : hits{};
}

struct provider
{
    std::string_view suffix;
    std::string_view name;
};

// Their servers refuse plain text, or do so by default.
constexpr auto providers = std::array{
    provider{".postgres.database.azure.com", "Azure"},
    provider{".neon.tech", "Neon"},
    provider{".pooler.supabase.com", "Supabase"},
    provider{".supabase.co", "Supabase"},
    provider{".rds.amazonaws.com", "Amazon RDS"},
    provider{".render.com", "Render"},
    provider{".aivencloud.com", "Aiven"},
    provider{".ondigitalocean.com", "DigitalOcean"},
    provider{".cockroachlabs.cloud", "CockroachDB"},
    provider{".tsdb.cloud.timescale.com", "Timescale"},
    provider{".postgresbridge.com", "Crunchy Bridge"},
    provider{".compute.amazonaws.com", "Heroku"},
    provider{".compute-1.amazonaws.com", "Heroku"},
    provider{".psdb.cloud", "PlanetScale"},
};

hits without_tls(inspection const& i)
{
    auto const& mode = i.effective.value("sslmode");
    auto result = hits{};
    if (mode == "disable" || mode == "allow")
        for (auto const& one : i.endpoints.all)
            for (auto const& each : providers)
                if (one.host.ends_with(each.suffix))
                    result.push_back({{{"Provider", std::string{each.name}}, {"mode", mode}}});
    return result;
}

} // namespace

std::span<rule const> provider_rules()
{
    return table;
}

} // namespace schemagate::url
