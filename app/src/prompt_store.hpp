// The prompts in the database.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "database_pool.hpp"
#include "prompt.hpp"

namespace app {

/// May be asked from any thread; every question blocks, so never from an io_context's thread. Throws
/// database_error. Opens no connection before the first question, which comes after the gate has opened.
class prompt_store
{
public:
    /// Keeps `connections` connections at most; as many threads can ask at once.
    explicit prompt_store(schemagate::settings with, std::size_t connections = 4);

    [[nodiscard]] std::size_t connections() const noexcept { return connections_; }

    /// The active version of each prompt that belongs to no A/B group. A prompt without an active version is
    /// not listed: nobody could fetch it by its name alone.
    [[nodiscard]] prompt_page list(prompt_filter const& filter);

    /// The active version outside A/B groups; with `version`, that version whether active or not.
    [[nodiscard]] std::optional<prompt> find(std::string const& name, std::optional<int> version);

    /// Whether the server that answers is in recovery. Throws if none does, as all of these.
    bool is_standby();

private:
    std::size_t connections_;
    std::string table_;
    database_pool pool_;
};

} // namespace app
