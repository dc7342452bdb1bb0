// The immutable set that is served: prompts, labels, guardrails, experiments, prices and keys as they stood
// in the database at one moment. Requests read it without a lock and without the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "experiment/experiment.hpp"
#include "guardrail/guardrail.hpp"
#include "identity/principal.hpp"
#include "prompt/prompt_version.hpp"
#include "screening/screen.hpp"

namespace app {

/// A version, parsed. Its templates may be none of ours (somebody wrote them by SQL): it is handed out, and
/// cannot be rendered.
struct served_version
{
    prompt_version content;
    compiled_prompt compiled{};
    std::vector<placed_problem> problems{};
    std::string body;       ///< GET …/versions/{n}
    std::string entity_tag; ///< of it
};

/// An answer that is made once for each snapshot.
struct ready_answer
{
    std::string body;
    std::string entity_tag;
};

struct served_prompt
{
    std::string name;
    std::optional<std::string> category{};
    std::optional<std::string> description{};
    bool is_archived = false;
    std::string updated_at;
    std::map<int, std::shared_ptr<served_version const>> versions{}; ///< never empty
    std::map<std::string, int, std::less<>> labels{};                ///< production (if any) and latest too
    std::map<int, std::shared_ptr<ready_answer const>>
        fetched{}; ///< GET /v1/prompts/{name}, for each version that a label points to

    [[nodiscard]] int latest_version() const { return versions.rbegin()->first; }
    /// nullptr if there is none.
    [[nodiscard]] std::shared_ptr<served_version const> version(int number) const;
    [[nodiscard]] std::optional<int> labelled(std::string_view label) const;
    /// The names of the labels that point to the version.
    [[nodiscard]] std::vector<std::string> labels_of(int version) const;
    /// GET /v1/prompts/{name} of the version, made anew if no label points there.
    [[nodiscard]] std::shared_ptr<ready_answer const> fetch(int version) const;
};

struct served_guardrail
{
    guardrail rule;
    std::optional<screen> compiled{}; ///< nullopt: the config cannot be compiled
    std::string fault{};              ///< why not

    [[nodiscard]] bool is_effective() const { return compiled && compiled->effective(); }
};

struct price
{
    double input_usd_per_million = 0;
    double output_usd_per_million = 0;
};

struct snapshot
{
    std::int64_t counter = -1; ///< of the change counter
    std::map<std::string, served_prompt, std::less<>> prompts{};
    std::vector<served_guardrail> guardrails{}; ///< in the order in which they look: severity, name
    std::map<std::string, experiment, std::less<>> experiments{}; ///< the active one, by prompt
    std::map<std::string, price, std::less<>> prices{};           ///< by model
    struct key
    {
        principal holder;
        std::optional<std::int64_t> expires_at; ///< microseconds since 1970
    };
    std::unordered_map<std::string, key> keys{}; ///< by SHA-256 in hexadecimal; revoked ones are left out

    [[nodiscard]] served_prompt const* find(std::string_view name) const;
    [[nodiscard]] std::optional<principal> holder_of(std::string_view key_hash, std::int64_t now) const;
};

/// Fills what is made of other parts of the prompt: `labels` gets latest, `fetched` its answers.
void finish(served_prompt& p);

} // namespace app
