// Names of Cloud SQL instances, and the folder in which Google's platforms mount their sockets.
#pragma once

#include <string>
#include <string_view>

namespace schemagate::url {

inline constexpr auto cloudsql_folder = std::string_view{"/cloudsql"};

/// PROJECT:REGION:INSTANCE, of which PROJECT may be "example.com:project". No host and port has this form.
[[nodiscard]] bool is_cloudsql_instance(std::string_view text);

/// The same, also with a port behind it: what people write in the place of a host.
[[nodiscard]] bool names_cloudsql_instance(std::string_view text);

[[nodiscard]] bool below_cloudsql(std::string_view folder);

/// Of /cloudsql/PROJECT:REGION:INSTANCE: the instance's full name and its pieces, or these words in capital
/// letters.
struct instance_name
{
    std::string whole;
    std::string project;
    std::string instance;
};
[[nodiscard]] instance_name instance_of(std::string_view folder);

} // namespace schemagate::url
