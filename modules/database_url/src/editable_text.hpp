// A connection string taken to pieces, so that some can be exchanged and the others stay byte for byte.
// Whether the outcome means what was asked for is libpq's to judge (rewrite.cpp).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "schemagate/secret.hpp"

namespace schemagate::url {

/// Keeps views into the text it was made of.
class editable_text
{
public:
    virtual ~editable_text() = default;

    /// Not for "host": move_to().
    virtual void set(std::string_view keyword, std::string const& value) = 0;
    /// True if it was there.
    virtual bool remove(std::string_view keyword) = 0;
    /// One host for all; hostaddr goes, and the port too if asked.
    virtual void move_to(std::string const& host, bool drop_port) = 0;
    [[nodiscard]] virtual secret text() const = 0;
};

/// `text` begins with a scheme that libpq takes.
[[nodiscard]] std::unique_ptr<editable_text> editable_uri(std::string const& text);
[[nodiscard]] std::unique_ptr<editable_text> editable_keywords(std::string const& text);

/// The keyword that libpq stores for it: ssl=true and requiressl=1 set sslmode.
[[nodiscard]] inline std::string_view stored_keyword(std::string_view keyword)
{
    return keyword == "ssl" || keyword == "requiressl" ? std::string_view{"sslmode"} : keyword;
}

} // namespace schemagate::url
