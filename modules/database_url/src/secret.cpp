#include "schemagate/secret.hpp"

#include <cstring>
#include <utility>

namespace schemagate {

namespace {

// The whole capacity, not only the size: a short string is copied, not moved, by std::string's move, and what
// was moved from keeps its bytes behind a size of 0.
void wipe_all(std::string& bytes) noexcept
{
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.Move): what a move leaves behind is what is wiped
    bytes.resize(bytes.capacity());
    explicit_bzero(bytes.data(), bytes.size());
    bytes.clear();
}

} // namespace

secret::secret(std::string bytes) noexcept : bytes_{std::move(bytes)}
{
    wipe_all(bytes);
}

secret::secret(secret&& other) noexcept : bytes_{std::move(other.bytes_)}
{
    other.wipe();
}

secret& secret::operator=(secret const& other)
{
    if (this != &other) {
        wipe(); // a longer new value would free our buffer as it is
        bytes_ = other.bytes_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        other.wipe();
    }
    return *this;
}

secret::~secret()
{
    wipe();
}

void secret::wipe() noexcept
{
    wipe_all(bytes_);
}

} // namespace schemagate
