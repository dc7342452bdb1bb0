// Prompts in the database: what changes them. Reads for requests come from the snapshot.
//
// Each function is a part of a transaction that the caller has opened (database::transaction) and announced
// with announce(), and throws problem for what the client has to know. The prompt's row in `prompts` is
// locked first, so that versions are numbered without gaps and labels move one after another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/database_connection.hpp"
#include "prompt/prompt_draft.hpp"

namespace app {

/// A move of a label. `from` is absent for the first, `to` for its removal.
struct label_move
{
    std::int64_t id = 0;
    std::optional<std::int64_t> from{};
    std::optional<std::int64_t> to{};
    std::string moved_at; ///< RFC 3339, UTC
    std::optional<std::string> moved_by{};
    std::optional<std::string> reason{};
};

class prompt_store
{
public:
    /// `schema`: database::schema(), an identifier in quotes.
    explicit prompt_store(std::string schema) : schema_{std::move(schema)} {}

    /// Who makes the changes of this transaction, and why: the database records both with every move of a
    /// label.
    void announce(database_connection& c, std::string const& actor,
                  std::optional<std::string> const& reason) const;

    /// The prompt and its version 1, with its labels. 409 `prompt-exists`. Sets id, version and created_at.
    void create(database_connection& c, draft& d, std::optional<std::string> const& category,
                std::optional<std::string> const& description) const;

    /// The next version, with its labels. `expected`: the version that has to be the newest (412
    /// `version-conflict`). 404 if there is no such prompt.
    void add_version(database_connection& c, draft& d, std::optional<std::int64_t> expected) const;

    /// Makes the prompts of these names (texts) that are not there, without a version, and locks all of them
    /// until the transaction ends. One transaction after the other, and in the order of names, so that no two
    /// wait for each other.
    void hold(database_connection& c, boost::json::array const& names) const;

    /// A version with the number, author and time (RFC 3339; "" is now) that another database gave it. It
    /// must not be there; its prompt is held.
    void import_version(database_connection& c, draft& d, std::string const& created_at,
                        std::optional<std::string> const& category,
                        std::optional<std::string> const& description) const;

    /// 404 `prompt-not-found`, `version-not-found`. Returns the version that the label pointed to before.
    std::optional<std::int64_t> move_label(database_connection& c, std::string const& name,
                                           std::string const& label, std::int64_t version,
                                           std::string const& actor) const;
    /// 404 `label-not-found`. Returns the version that the label pointed to.
    std::int64_t remove_label(database_connection& c, std::string const& name, std::string const& label,
                              std::string const& actor) const;

    void patch(database_connection& c, std::string const& name, prompt_patch const& change,
               std::string const& actor) const;
    /// False if it is archived already. 409 `prompt-labelled` while a label other than latest, or a running
    /// experiment, points there.
    bool archive(database_connection& c, std::string const& name, std::string const& actor) const;

    /// Newest first, `limit` at most, those older than the move `before`. May be asked outside a transaction.
    [[nodiscard]] std::vector<label_move> history(database_connection& c, std::string const& name,
                                                  std::string const& label,
                                                  std::optional<std::int64_t> before,
                                                  std::int64_t limit) const;

    /// Every label that was ever moved, those that are removed too. May be asked outside a transaction.
    [[nodiscard]] std::vector<std::string> labels_ever(database_connection& c, std::string const& name) const;

private:
    void lock(database_connection& c, std::string const& name) const;
    void move(database_connection& c, std::string const& name, std::string const& label, std::int64_t version,
              std::string const& actor) const;
    [[nodiscard]] std::optional<std::int64_t> pointed_to(database_connection& c, std::string const& name,
                                                         std::string const& label) const;
    [[nodiscard]] std::string table(char const* name) const { return schema_ + '.' + name; }

    std::string schema_;
};

} // namespace app
