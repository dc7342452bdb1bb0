// Langfuse's export of prompts, as an import of ours.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <vector>

#include "api/library_api.hpp"

namespace app {

struct langfuse_library
{
    std::vector<library_prompt> prompts{}; ///< each with all its versions: what is here can be stored
    boost::json::array refused{}; ///< {"prompt", "version", "code", "detail", ...}, one for each version
};

/// `document`: an array of prompts as Langfuse exports them and its public API (GET
/// /api/public/v2/prompts/NAME) answers, or one such prompt. Fields that are not ours are passed over; `tags`
/// become the description, so that a search finds them; `latest` is implicit in both. A version without a
/// number gets the next one. A prompt of which one version is refused is refused whole, and so is one whose
/// name `may_be` is false for. Throws decode_error if it is no array of objects with names.
[[nodiscard]] langfuse_library
langfuse_library_of(boost::json::value const& document,
                    std::function<bool(std::string const& name)> const& may_be);

} // namespace app
