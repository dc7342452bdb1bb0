// How a template is made, found and copied.
#pragma once

#include <exception>
#include <mutex>
#include <string>

#include "schemagate/testing/template_database.hpp"
#include "server_state.hpp"

namespace schemagate::testing {

class template_database::state
{
public:
    state(server& on, catalog shipped, template_options options);
    state(state const&) = delete;
    state& operator=(state const&) = delete;
    ~state();

    [[nodiscard]] server& on() const noexcept { return *on_; }
    [[nodiscard]] std::string const& name();
    [[nodiscard]] bool isolates();
    /// The name of a new copy. Only where isolates().
    [[nodiscard]] std::string clone();
    /// Where the scripts ran in a schema: the URL by which unqualified names are found there.
    [[nodiscard]] database_url_text schema_url();

    /// Throws std::logic_error if there is none.
    [[nodiscard]] static template_database& newest();

private:
    void build_once();
    void build_database();
    void build_schema();
    void fill(database_url_text url, settings with) const;
    [[nodiscard]] server::state& server_state() const noexcept;
    [[nodiscard]] std::string key(std::string const& role) const;

    server* on_;
    catalog shipped_;
    template_options options_;

    std::mutex mutex_;
    bool built_ = false;
    bool isolates_ = true;
    std::exception_ptr broken_;
    std::string name_;
};

} // namespace schemagate::testing
