#include "account.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace schemagate::url {

namespace {

std::string entry_of_account(char* passwd::*field)
{
    auto entry = passwd{};
    auto* found = static_cast<passwd*>(nullptr);
    auto buffer = std::array<char, 4096>{};
    if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found)
        return {};
    return found->*field ? found->*field : "";
}

} // namespace

std::string account_name()
{
    return entry_of_account(&passwd::pw_name);
}

std::string account_folder()
{
    return entry_of_account(&passwd::pw_dir);
}

} // namespace schemagate::url
