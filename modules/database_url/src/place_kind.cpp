// Which kind of place it is, by the signs that platforms leave: variables first, since they are sure.
#include "schemagate/place.hpp"

#include <array>
#include <string_view>

namespace schemagate {

namespace {

struct sign
{
    std::string_view variable; ///< set, or
    std::string_view file;     ///< there
    std::string_view name;
    bool container = true;
};

// The first that fits names the place; the narrower stand before the wider (Cloud Run before Knative before
// Kubernetes, Kubernetes before Docker).
constexpr auto signs = std::array{
    sign{"CLOUD_RUN_JOB", "", "Cloud Run job"},
    sign{"CLOUD_RUN_EXECUTION", "", "Cloud Run job"},
    sign{"K_SERVICE", "", "Cloud Run service"},
    sign{"CLOUD_RUN_TASK_INDEX", "", "Cloud Run job"},
    sign{"GAE_INSTANCE", "", "App Engine"},
    sign{"GAE_ENV", "", "App Engine"},
    sign{"AWS_LAMBDA_FUNCTION_NAME", "", "AWS Lambda"},
    sign{"ECS_CONTAINER_METADATA_URI_V4", "", "Amazon ECS"},
    sign{"ECS_CONTAINER_METADATA_URI", "", "Amazon ECS"},
    sign{"CONTAINER_APP_NAME", "", "Azure Container Apps"},
    sign{"CONTAINER_APP_REVISION", "", "Azure Container Apps"},
    sign{"WEBSITE_SITE_NAME", "", "Azure App Service"},
    sign{"WEBSITE_INSTANCE_ID", "", "Azure App Service"},
    sign{"VERCEL", "", "Vercel"},
    sign{"DYNO", "", "Heroku"},
    sign{"RENDER", "", "Render"},
    sign{"RAILWAY_ENVIRONMENT_NAME", "", "Railway"},
    sign{"RAILWAY_PROJECT_ID", "", "Railway"},
    sign{"RAILWAY_SERVICE_ID", "", "Railway"},
    sign{"RAILWAY_ENVIRONMENT", "", "Railway"},
    sign{"FLY_MACHINE_ID", "", "Fly.io"},
    sign{"FLY_APP_NAME", "", "Fly.io"},
    sign{"KUBERNETES_SERVICE_HOST", "", "Kubernetes"},
    sign{"", "/var/run/secrets/kubernetes.io/serviceaccount", "Kubernetes"},
    sign{"", "/.dockerenv", "Docker"},
    sign{"", "/run/.containerenv", "Podman"},
    sign{"container", "", "a container"},
    sign{"GITHUB_ACTIONS", "", "GitHub Actions", false},
    sign{"CI", "", "a CI runner", false},
    sign{"INVOCATION_ID", "", "systemd", false},
    sign{"CREDENTIALS_DIRECTORY", "", "systemd", false},
    sign{"JOURNAL_STREAM", "", "systemd", false},
    sign{"NOTIFY_SOCKET", "", "systemd", false},
};

bool is_set(place const& where, std::string_view variable)
{
    return !where.variable(std::string{variable}).value_or("").empty();
}

sign const* recognise(place const& where)
{
    for (auto const& one : signs) {
        auto const set = !one.variable.empty() && is_set(where, one.variable);
        auto const there = !one.file.empty() && where.kind_of(std::string{one.file}) != file_kind::absent;
        if (set || there)
            return &one;
    }
    return nullptr;
}

} // namespace

std::string describe(place const& where)
{
    auto const* const found = recognise(where);
    if (!found)
        return {};
    if (found->variable == "container") { // Podman and systemd-nspawn say which one they are
        auto const kind = where.variable("container").value_or("");
        return kind == "docker" ? "Docker" : kind == "podman" ? "Podman" : std::string{found->name};
    }
    // Knative sets K_SERVICE too, but inside a cluster of its own.
    if (found->variable == "K_SERVICE" && where.variable("KUBERNETES_SERVICE_HOST"))
        return "Knative service";
    return std::string{found->name};
}

bool is_container(place const& where)
{
    auto const* const found = recognise(where);
    return found && found->container;
}

bool is_systemd_unit(place const& where)
{
    // A container that systemd starts does not run in the unit's sandbox, and the first two are not passed
    // on.
    return !is_container(where) && (is_set(where, "INVOCATION_ID") || is_set(where, "JOURNAL_STREAM") ||
                                    is_set(where, "NOTIFY_SOCKET") || is_set(where, "CREDENTIALS_DIRECTORY"));
}

} // namespace schemagate
