#include "cloudsql.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace schemagate::url {

bool is_cloudsql_instance(std::string_view text)
{
    auto const last = text.rfind(':');
    auto const middle = last == text.npos || last == 0 ? text.npos : text.rfind(':', last - 1);
    if (middle == text.npos || middle == 0 || !made_of_words(text, ":.-"))
        return false;
    auto const region = text.substr(middle + 1, last - middle - 1);
    auto const instance = text.substr(last + 1);
    return !region.empty() && is_letter(region.front()) && !instance.empty() && is_letter(instance.front());
}

bool names_cloudsql_instance(std::string_view text)
{
    auto const colon = text.rfind(':');
    auto const port = colon != text.npos && colon + 1 < text.size() && all(text.substr(colon + 1), is_digit);
    return is_cloudsql_instance(port ? text.substr(0, colon) : text);
}

bool below_cloudsql(std::string_view folder)
{
    return folder == cloudsql_folder || folder.starts_with("/cloudsql/");
}

instance_name instance_of(std::string_view folder)
{
    folder.remove_prefix(std::min(folder.size(), cloudsql_folder.size() + 1));
    while (folder.ends_with('/'))
        folder.remove_suffix(1);
    auto const last = folder.rfind(':');
    auto const middle = last == folder.npos || last == 0 ? folder.npos : folder.rfind(':', last - 1);
    if (middle == folder.npos || !made_of_words(folder, ":.-"))
        return {"PROJECT:REGION:INSTANCE", "PROJECT", "INSTANCE"};
    return {std::string{folder}, std::string{folder.substr(0, middle)}, std::string{folder.substr(last + 1)}};
}

} // namespace schemagate::url
