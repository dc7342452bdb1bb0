#include "place_commands.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

struct place_row
{
    std::string_view place; ///< describe()'s name
    std::string_view pass_secret;
    std::string_view pick_key;
    std::string_view attach_cloudsql = {}; ///< "": as everywhere
};

constexpr auto cloud_run_key = std::string_view{
    "Secret Manager has no keys, so store the URL alone: printf '%s' \"$URL\" | gcloud secrets "
    "versions add NAME --data-file=-"};
constexpr auto one_value = std::string_view{"a variable takes one value here, so store the URL alone"};
constexpr auto mounted_file =
    std::string_view{"mount it as a file, and name that: {IT}_FILE=/run/secrets/NAME"};
constexpr auto secret_key =
    std::string_view{"in the container's env, valueFrom: {secretKeyRef: {name: SECRET, key: KEY}}"};

// "{IT}" is the variable or the instance, "{SELF}" the service or job itself. The first row serves every
// place that has none of its own. An image tried elsewhere with the secret of Cloud Run is the usual case, so
// Cloud Run's command to attach an instance is always named.
constexpr auto rows = std::array{
    place_row{"",
              "on Cloud Run with --set-secrets={IT}=NAME:latest, in Kubernetes with secretKeyRef, on Amazon "
              "ECS with "
              "\"secrets\": [{\"name\": \"{IT}\", \"valueFrom\": \"arn:…\"}]",
              "on Amazon ECS with \"valueFrom\": \"arn:…:secret:NAME:KEY::\", in Kubernetes with "
              "secretKeyRef and its "
              "key",
              "attach the instance (on Cloud Run: gcloud run jobs update NAME --set-cloudsql-instances={IT}; "
              "elsewhere "
              "run cloud-sql-proxy --unix-socket=/cloudsql {IT})"},
    place_row{"Cloud Run service", "gcloud run services update {SELF} --set-secrets={IT}=SECRET:latest",
              cloud_run_key,
              "attach the instance: gcloud run services update {SELF} --add-cloudsql-instances={IT}"},
    place_row{"Cloud Run job", "gcloud run jobs update {SELF} --set-secrets={IT}=SECRET:latest",
              cloud_run_key,
              "attach the instance: gcloud run jobs update {SELF} --set-cloudsql-instances={IT}"},
    place_row{"App Engine",
              "App Engine has no such option, so read the secret in the program, or run on Cloud Run "
              "(--set-secrets={IT}=SECRET:latest)",
              cloud_run_key, "attach the instance in app.yaml: beta_settings: cloud_sql_instances: {IT}"},
    place_row{"Amazon ECS",
              "in the task definition, \"secrets\": [{\"name\": \"{IT}\", \"valueFrom\": "
              "\"arn:…:secret:NAME\"}], and "
              "secretsmanager:GetSecretValue for the execution role",
              "in the task definition, \"valueFrom\": \"arn:…:secret:NAME:KEY::\""},
    place_row{"AWS Lambda",
              "Lambda does not do it itself, so let the deployment write the value into {IT} "
              "({{resolve:secretsmanager:…}} in CloudFormation), or fetch it at start",
              "{{resolve:secretsmanager:NAME:SecretString:KEY}} in CloudFormation"},
    place_row{"Azure App Service",
              "az webapp config appsettings set --settings "
              "{IT}='@Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/NAME)', and the "
              "app's identity "
              "may get secrets (a reference that cannot be resolved is passed as it is)",
              one_value},
    place_row{"Azure Container Apps",
              "az containerapp secret set --secrets NAME=VALUE, then az containerapp update --set-env-vars "
              "{IT}=secretref:NAME",
              one_value},
    place_row{"Vercel", "vercel env add {IT} production", one_value},
    place_row{"Heroku", "heroku config:set {IT}=VALUE", one_value},
    place_row{"Render",
              "in render.yaml, envVars: - key: {IT}, fromDatabase: {name: NAME, property: connectionString}",
              one_value},
    place_row{"Railway",
              "set {IT} to ${{Postgres.DATABASE_URL}} in the service's variables (Postgres is the database's "
              "name there)",
              one_value},
    place_row{"Fly.io", "fly secrets set {IT}=VALUE", one_value},
    place_row{
        "Kubernetes", secret_key, secret_key,
        "run cloud-sql-proxy {IT} as a sidecar and write 127.0.0.1:5432, or let it serve a volume that both "
        "containers mount at /cloudsql (--unix-socket=/cloudsql; on Cloud Run: gcloud run jobs update NAME "
        "--set-cloudsql-instances={IT})"},
    place_row{"GitHub Actions", "env: {IT}: ${{ secrets.NAME }}", one_value},
    place_row{
        "Docker", mounted_file, one_value,
        "run cloud-sql-proxy --unix-socket=/cloudsql {IT} on the host, and mount its folder: docker run -v "
        "/cloudsql:/cloudsql (on Cloud Run: gcloud run jobs update NAME --set-cloudsql-instances={IT})"},
    place_row{
        "Podman", mounted_file, one_value,
        "run cloud-sql-proxy --unix-socket=/cloudsql {IT} on the host, and mount its folder: podman run -v "
        "/cloudsql:/cloudsql (on Cloud Run: gcloud run jobs update NAME --set-cloudsql-instances={IT})"},
    place_row{"systemd", "LoadCredential=database_url:/PATH in the unit", one_value},
};

std::string_view text_of(place_row const& row, place_command which)
{
    switch (which) {
    case place_command::pass_secret: return row.pass_secret;
    case place_command::pick_key: return row.pick_key;
    case place_command::attach_cloudsql: return row.attach_cloudsql;
    }
    return {};
}

void replace_all(std::string& text, std::string_view word, std::string const& by)
{
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + by.size()))
        text.replace(at, word.size(), by);
}

// Of a Cloud Run service or job.
std::string own_name(place const& where)
{
    for (auto const* variable : {"K_SERVICE", "CLOUD_RUN_JOB"})
        if (auto const value = where.variable(variable).value_or(""); made_of_words(value, "-"))
            return value;
    return "NAME";
}

} // namespace

std::string command_for(place const& where, place_command which, std::string const& subject)
{
    auto const kind = describe(where);
    auto const found =
        std::find_if(rows.begin(), rows.end(), [&](auto const& row) { return row.place == kind; });
    auto const own = found == rows.end() ? std::string_view{} : text_of(*found, which);
    auto result = std::string{own.empty() ? text_of(rows.front(), which) : own};
    replace_all(result, "{SELF}", own_name(where));
    replace_all(result, "{IT}", subject);
    return result;
}

} // namespace schemagate::url
