// Why a guardrail's config is refused, and why a text could not be screened.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace app {

/// A config that no screen can be made of. what() is a sentence for the author of the guardrail.
class pattern_invalid : public std::runtime_error
{
public:
    pattern_invalid(std::string path, std::string const& sentence, std::string re2_words = {})
        : std::runtime_error{sentence}, path_{std::move(path)}, re2_words_{std::move(re2_words)}
    {}

    /// JSON pointer (RFC 6901) into the guardrail, such as /config/patterns/2/regex.
    [[nodiscard]] std::string const& path() const noexcept { return path_; }

    /// What RE2 said, when it was RE2 that refused; else empty.
    [[nodiscard]] std::string const& re2_words() const noexcept { return re2_words_; }

private:
    std::string path_;
    std::string re2_words_;
};

/// A text was not screened to its end, so nobody knows what is in it. what() quotes nothing of the text.
class screening_failed : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

} // namespace app
